/** A namespace: keys, a clock and a journal of one's own. */

import { readFile } from "node:fs/promises";

import { Clock } from "./clock.js";
import { AdminProblem } from "./connection.js";
import { eventLine, findingLines } from "./report.js";
import { lookForCallbacks, lookForRequests, newest, nothing, theOne } from "./search.js";

/** @typedef {import("../types/shapes.js").TaskShown} TaskShown */
/** @typedef {import("../types/shapes.js").RequestShown} RequestShown */
/** @typedef {import("../types/shapes.js").CallbackShown} CallbackShown */
/** @typedef {import("./search.js").RequestFilter} RequestFilter */
/** @typedef {import("./search.js").CallbackFilter} CallbackFilter */
/** @typedef {import("./search.js").Wait} Wait */

/**
 * A scenario of the server's library by its name, a TOML file by its path or URL, or the document
 * itself.
 *
 * @typedef {string | URL | Record<string, unknown>} Scenario
 */

const WAIT_SECONDS = 5;
const HELD_WAIT_SECONDS = 1;

/** One namespace of a server. Names in options and answers are those of the administration. */
export class Namespace {
  /**
   * @param {import("./connection.js").Connection} connection
   * @param {import("../types/shapes.js").NamespaceShown} shown
   */
  constructor(connection, shown) {
    this.connection = connection;
    this.path = `/_emulator/namespaces/${encodeURIComponent(shown.name)}`;
    this.name = shown.name;
    this.seed = shown.seed;
    this.callbackUrl = shown.callback_url;
    this.keys = shown.keys;
    this.clock = new Clock(connection, `${this.path}/clock`);
  }

  /** The URL of the server. */
  get url() {
    return this.connection.url;
  }

  /** Host and port of the server, as SDKs want it. */
  get endpoint() {
    return this.connection.host;
  }

  /**
   * Return the first access key at a vendor.
   *
   * @param {string} vendor `tencent`, `alibaba` or `volcengine`
   */
  key(vendor) {
    const found = this.keys.find((key) => key.vendor === vendor);
    if (found) return found;
    const known = [...new Set(this.keys.map((key) => key.vendor))].join(", ");
    throw new RangeError(`no access key at ${JSON.stringify(vendor)}; there are some at ${known}`);
  }

  // What came in.

  /**
   * Return the calls that fit, the oldest of the newest hundred first.
   *
   * @param {RequestFilter} [wanted]
   */
  async requests(wanted = {}) {
    return (await lookForRequests(this.connection, this.path, wanted)).items;
  }

  /**
   * Return the call that fits; throws NoMatch unless there is exactly one.
   *
   * @param {RequestFilter} [wanted]
   */
  async request(wanted = {}) {
    return theOne(await lookForRequests(this.connection, this.path, wanted));
  }

  /**
   * Throw NoMatch, with the calls that came, if any call fits.
   *
   * @param {RequestFilter} [wanted]
   */
  async assertNoRequest(wanted = {}) {
    nothing(await lookForRequests(this.connection, this.path, wanted));
  }

  /**
   * Return the newest call that fits, once there are `at_least` of them.
   *
   * Waits 5 s unless told otherwise, 1 s where the clock is held. Throws NoMatch at the time-out,
   * which tells what came instead.
   *
   * @param {RequestFilter & Wait} [wanted]
   */
  async waitForRequest(wanted = {}) {
    const search = { ...wanted, ...(await this.#wait(wanted)) };
    return newest(await lookForRequests(this.connection, this.path, search));
  }

  // What went out.

  /**
   * Return the callbacks that fit, the oldest of the newest hundred first.
   *
   * @param {CallbackFilter} [wanted]
   */
  async callbacks(wanted = {}) {
    return (await lookForCallbacks(this.connection, this.path, wanted)).items;
  }

  /**
   * Return the callback that fits; throws NoMatch unless there is exactly one. Where there is none,
   * the text tells what a held clock keeps back.
   *
   * @param {CallbackFilter} [wanted]
   */
  async callback(wanted = {}) {
    const seen = await lookForCallbacks(this.connection, this.path, wanted);
    return theOne(seen, () => this.keptBack());
  }

  /**
   * Return the newest callback that fits, once there are `at_least` of them.
   *
   * Waits 5 s unless told otherwise, 1 s where the clock is held. Throws NoMatch at the time-out,
   * which tells what was sent instead, and what a held clock keeps back.
   *
   * @param {CallbackFilter & Wait} [wanted]
   */
  async waitForCallback(wanted = {}) {
    const search = { ...wanted, ...(await this.#wait(wanted)) };
    const seen = await lookForCallbacks(this.connection, this.path, search);
    return newest(seen, () => this.keptBack());
  }

  /**
   * Send a callback once more now.
   *
   * @param {string} id
   * @returns {Promise<CallbackShown>}
   */
  async resend(id) {
    return this.ask("POST", `/callbacks/${encodeURIComponent(id)}/resend`);
  }

  // How the client behaved.

  /**
   * Return what the client did that it should not, errors first, except by the rules in `except`.
   *
   * @param {{except?: string[]}} [options]
   * @returns {Promise<import("../types/shapes.js").FindingShown[]>}
   */
  async conduct({ except = [] } = {}) {
    return (await this.ask("GET", "/conduct", { query: { but: except.join(",") } })).findings;
  }

  /**
   * Throw an error that tells all findings, except those of the rules in `except`.
   *
   * @param {{except?: string[]}} [options]
   */
  async assertGoodConduct({ except = [] } = {}) {
    const found = await this.conduct({ except });
    if (!found.length) return;
    const title = `${found.length} ${found.length === 1 ? "finding" : "findings"} of conduct:`;
    throw new Error([title, ...found.flatMap(findingLines)].join("\n"));
  }

  /**
   * Say why a call was refused.
   *
   * @param {string} [requestId] the latest of any namespace without it
   * @returns {Promise<import("../types/shapes.js").ExplanationShown>}
   */
  async explain(requestId = "latest") {
    return this.connection.ask("GET", `/_emulator/explanations/${encodeURIComponent(requestId)}`);
  }

  // Tasks.

  /**
   * @param {string} [kind] such as `tiw.snapshot`
   * @returns {Promise<TaskShown[]>}
   */
  async tasks(kind) {
    return (await this.ask("GET", "/tasks", { query: { kind } })).tasks;
  }

  /**
   * @param {string} id
   * @param {string} [kind] where several kinds have a task of the id
   * @returns {Promise<TaskShown>}
   */
  async task(id, kind) {
    return this.ask("GET", `/tasks/${encodeURIComponent(id)}`, { query: { kind } });
  }

  /**
   * Do nothing for the task until it is released.
   *
   * @param {string} id
   * @param {string} [kind]
   * @returns {Promise<TaskShown>}
   */
  async hold(id, kind) {
    return this.ask("POST", "/tasks/hold", { content: { id, kind } });
  }

  /**
   * @param {string} id
   * @param {string} [kind]
   * @returns {Promise<TaskShown>}
   */
  async release(id, kind) {
    return this.ask("POST", "/tasks/release", { content: { id, kind } });
  }

  /**
   * Take all steps of the task at once.
   *
   * @param {string} id
   * @param {string} [kind]
   * @returns {Promise<TaskShown>}
   */
  async finish(id, kind) {
    return this.ask("POST", "/tasks/finish", { content: { id, kind } });
  }

  /**
   * Let the task fail, as its vendor documents it unless told otherwise.
   *
   * @param {string} id
   * @param {{kind?: string, code?: string, message?: string}} [failure]
   * @returns {Promise<TaskShown>}
   */
  async fail(id, failure = {}) {
    return this.ask("POST", "/tasks/fail", { content: { ...failure, id } });
  }

  /**
   * Set how fast a kind of task goes, or one task, and how it ends.
   *
   * @param {Partial<import("../types/shapes.js").PaceAsked>} pace
   */
  async setPace(pace) {
    await this.ask("PUT", "/pace", { content: pace });
  }

  /**
   * Return what is to come, and when.
   *
   * @returns {Promise<import("../types/shapes.js").EventShown[]>}
   */
  async timeline() {
    return (await this.ask("GET", "/timeline")).events;
  }

  // What goes wrong.

  /**
   * Load a scenario on top of what the namespace has.
   *
   * @param {Scenario} scenario
   * @returns {Promise<import("../types/shapes.js").ScenarioShown>}
   */
  async loadScenario(scenario) {
    if (isLibraryName(scenario)) {
      return this.ask("POST", "/scenario", { query: { name: scenario } });
    }
    if (typeof scenario === "object" && !(scenario instanceof URL)) {
      return this.ask("POST", "/scenario", { content: scenario });
    }
    const toml = await readFile(scenario, "utf8");
    return located(scenario, () => this.ask("POST", "/scenario", { toml }));
  }

  /** @returns {Promise<import("../types/shapes.js").RuleShown[]>} */
  async rules() {
    return (await this.ask("GET", "/rules")).rules;
  }

  /**
   * Add rules, each as in a scenario file, and in the place of one of its name.
   *
   * @param {...Record<string, unknown>} rules
   * @returns {Promise<import("../types/shapes.js").RuleShown[]>}
   */
  async addRules(...rules) {
    return (await this.ask("POST", "/rules", { content: { rules } })).rules;
  }

  /**
   * @param {string} name
   * @param {boolean} is_on
   * @returns {Promise<import("../types/shapes.js").RuleShown>}
   */
  async switchRule(name, is_on) {
    return this.ask("PATCH", `/rules/${encodeURIComponent(name)}`, { content: { is_on } });
  }

  /** @param {string} name */
  async removeRule(name) {
    await this.ask("DELETE", `/rules/${encodeURIComponent(name)}`);
  }

  // The world.

  /**
   * Set who publishes where and which marks are set, in the places named.
   *
   * @param {{streams?: Record<string, unknown>[], marks?: Record<string, unknown>[]}} scene
   */
  async setScene(scene) {
    await this.ask("PUT", "/scene", { content: scene });
  }

  /**
   * Add accounts, or replace those named; each as in a world file.
   *
   * @param {...Record<string, unknown>} accounts
   */
  async setAccounts(...accounts) {
    await this.ask("PUT", "/accounts", { content: { accounts } });
  }

  /**
   * Return the file at a URL of an answer or a callback, by whatever host the URL names.
   *
   * @param {string} url
   * @returns {Promise<Buffer>}
   */
  async fetch(url) {
    const { pathname, search } = new URL(url, this.url);
    const { status, body } = await this.connection.send("GET", `${pathname}${search}`);
    if (status >= 400) {
      throw new AdminProblem(status, `Answer ${status}`, body.subarray(0, 200).toString());
    }
    return body;
  }

  // The namespace as a whole.

  /** Make everything as at creation; keys, seed and world stay. */
  async reset() {
    await this.ask("POST", "/reset");
  }

  async delete() {
    await this.ask("DELETE", "");
  }

  /**
   * Ask a route of this namespace, as docs/admin.md lists them.
   *
   * @param {string} method
   * @param {string} route such as `/sink`
   * @param {import("./connection.js").Asking} [asking]
   * @returns {Promise<any>}
   */
  async ask(method, route, asking) {
    return this.connection.ask(method, `${this.path}${route}`, asking);
  }

  /** Return a line on what a held clock keeps back first, "" where it keeps nothing. */
  async keptBack() {
    const [next] = await this.timeline();
    const { mode, now } = await this.clock.show();
    if (!next || mode !== "manual") return "";
    // A task without any duration has its callback due at the moment that stands.
    const wanted = new Date(next.due_at) <= now ? "advance(0) is enough" : "advance it";
    return `the clock is held: ${wanted}; ${eventLine(next, now)}`;
  }

  /**
   * Return how long to wait: while the clock is held, only others at work bring anything.
   *
   * @param {number} [asked]
   */
  async waitSeconds(asked) {
    if (asked !== undefined) return asked;
    return (await this.clock.isManual()) ? HELD_WAIT_SECONDS : WAIT_SECONDS;
  }

  /** @param {Wait} wanted */
  async #wait({ at_least = 1, timeout_seconds }) {
    return { at_least, timeout_seconds: await this.waitSeconds(timeout_seconds) };
  }
}

/**
 * Whether a scenario is named, as one of the library is: neither a document nor a path.
 *
 * @param {Scenario} scenario
 * @returns {scenario is string}
 */
export function isLibraryName(scenario) {
  return typeof scenario === "string" && !/[\\/]|\.toml$/.test(scenario);
}

/**
 * Tell a refusal of a file with the file's name.
 *
 * @template T
 * @param {string | URL} file
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
async function located(file, ask) {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AdminProblem)) throw error;
    const where = file instanceof URL ? file.pathname : file;
    const detail = error.detail.replace(/^body(?=[:,])/, where);
    throw new AdminProblem(error.status, error.title, detail);
  }
}
