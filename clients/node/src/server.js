/** A running server, as a test or a program sees it. */

import { Connection } from "./connection.js";
import { isLibraryName, Namespace } from "./namespace.js";

/**
 * What a namespace is made with: its name, the keys of a world file, its clock, and what goes
 * wrong.
 *
 * @typedef {Partial<Omit<import("../types/shapes.js").NamespaceAsked, "scenario" | "now">> & {
 *   now?: Date | string,
 *   scenario?: import("./namespace.js").Scenario,
 * }} Declared
 */

/** A server by its URL, and with its token where it asks for one. */
export class Server {
  /**
   * @param {string} url such as `http://127.0.0.1:4588`
   * @param {string} [token]
   */
  constructor(url, token = "") {
    this.connection = new Connection(url, token);
  }

  get url() {
    return this.connection.url;
  }

  /** Host and port, as SDKs want it. */
  get endpoint() {
    return this.connection.host;
  }

  /** @returns {Promise<import("../types/shapes.js").Health>} */
  async health() {
    return this.connection.ask("GET", "/_emulator/health");
  }

  /**
   * Return a namespace that exists.
   *
   * @param {string} [name] `default` is the one of the access key `test`
   */
  async namespace(name = "default") {
    const path = `/_emulator/namespaces/${encodeURIComponent(name)}`;
    return new Namespace(this.connection, await this.connection.ask("GET", path));
  }

  /**
   * Make a namespace. A scenario file is loaded once the namespace is there.
   *
   * @param {Declared} [declared]
   */
  async create(declared = {}) {
    const { scenario = "", ...world } = declared;
    const isFile =
      (typeof scenario === "string" && scenario && !isLibraryName(scenario)) ||
      scenario instanceof URL;
    const content = isFile ? world : { ...world, scenario };
    const shown = await this.connection.ask("POST", "/_emulator/namespaces", { content });
    const namespace = new Namespace(this.connection, shown);
    try {
      if (isFile) await namespace.loadScenario(scenario);
    } catch (error) {
      await namespace.delete();
      throw error;
    }
    return namespace;
  }

  /**
   * Return calls that belong to no namespace, because their signature was not found right.
   *
   * @param {{vendor?: string, access_key_id?: string, after?: number}} [wanted]
   * @returns {Promise<import("../types/shapes.js").RequestShown[]>}
   */
  async unverified(wanted = {}) {
    return (await this.connection.ask("GET", "/_emulator/unverified", { query: wanted })).requests;
  }

  /** Close the connections; the server goes on. */
  close() {
    this.connection.close();
  }
}
