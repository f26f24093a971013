/** The way to a server: requests to its administration, and its refusals as errors. */

import http from "node:http";
import https from "node:https";

import { decode, encode } from "./json.js";

const DEFAULT_TIMEOUT_SECONDS = 60;

/** A refusal of the administration; the text is that of its RFC 9457 document. */
export class AdminProblem extends Error {
  /**
   * @param {number} status
   * @param {string} title
   * @param {string} detail
   */
  constructor(status, title, detail) {
    super(detail ? `${title}: ${detail}` : title);
    this.name = "AdminProblem";
    this.status = status;
    this.title = title;
    this.detail = detail;
  }
}

/** No server answers at the URL. */
export class Unreachable extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "Unreachable";
  }
}

/**
 * @typedef {object} Asking
 * @property {unknown} [content] sent as JSON
 * @property {string} [toml] sent as TOML
 * @property {Record<string, unknown>} [query] parameters that are empty are left out
 * @property {number} [timeoutSeconds]
 */

export class Connection {
  /**
   * @param {string} url such as `http://127.0.0.1:4588`
   * @param {string} token of the administration, if it asks for one
   */
  constructor(url, token) {
    const { protocol, host, pathname, search } = parsed(url);
    this.url = `${protocol}//${host}`;
    if (!(protocol in CLIENTS) || pathname !== "/" || search) throw notServer(url);
    this.host = host;
    this.headers = token ? { authorization: `Bearer ${token}` } : {};
    this.client = CLIENTS[protocol];
    this.agent = new this.client.Agent({ keepAlive: true });
  }

  /**
   * Return the decoded answer; throws AdminProblem where it is a refusal.
   *
   * @param {string} method
   * @param {string} path
   * @param {Asking} [asking]
   * @returns {Promise<any>}
   */
  async ask(method, path, asking = {}) {
    const { status, body } = await this.send(method, path, asking);
    if (status >= 400) throw problem(status, body);
    return body.length ? decode(body.toString()) : undefined;
  }

  /**
   * Return the status and the raw body of an answer. A request whose kept connection turns out to
   * be closed is sent once more on a new one.
   *
   * @param {string} method
   * @param {string} path
   * @param {Asking} [asking]
   * @returns {Promise<{status: number, body: Buffer}>}
   */
  async send(method, path, asking = {}) {
    const target = `${path}${queryText(asking.query ?? {})}`;
    for (;;) {
      const sent = this.#request(method, target, asking);
      try {
        return await sent.answer;
      } catch (error) {
        const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
        if (sent.isReused() && code !== undefined && CLOSED.includes(code)) continue;
        throw new Unreachable(`no emulator answers at ${this.url} (${message || code})`);
      }
    }
  }

  /** Close the connections; the server goes on. */
  close() {
    this.agent.destroy();
  }

  /**
   * @param {string} method
   * @param {string} target
   * @param {Asking} asking
   */
  #request(method, target, asking) {
    const { type, body } = written(asking);
    const seconds = asking.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
    const request = this.client.request(`${this.url}${target}`, {
      method,
      agent: this.agent,
      headers: {
        ...this.headers,
        ...(type && { "content-type": type }),
        "content-length": Buffer.byteLength(body),
      },
      timeout: seconds * 1000,
    });
    /** @type {Promise<{status: number, body: Buffer}>} */
    const answer = new Promise((resolve, reject) => {
      request.on("timeout", () => request.destroy(new Error(`no answer in ${seconds} s`)));
      request.on("error", reject);
      request.on("response", (/** @type {http.IncomingMessage} */ response) => {
        /** @type {Buffer[]} */
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }),
        );
      });
    });
    request.end(body);
    return { answer, isReused: () => request.reusedSocket };
  }
}

/** @param {string} url */
function parsed(url) {
  try {
    return new URL(url);
  } catch {
    throw notServer(url);
  }
}

/** @param {string} url */
function notServer(url) {
  return new TypeError(
    `${JSON.stringify(url)} is no server's URL; expected one like http://127.0.0.1:4588`,
  );
}

/** @param {Asking} asking */
function written({ content, toml }) {
  if (toml !== undefined) return { type: "application/toml", body: toml };
  if (content === undefined) return { type: "", body: "" };
  return { type: "application/json", body: encode(content) };
}

/** @param {Record<string, unknown>} query */
function queryText(query) {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") text.append(name, String(value));
  }
  return String(text) && `?${text}`;
}

/**
 * @param {number} status
 * @param {Buffer} body
 */
function problem(status, body) {
  try {
    const { title, detail = "" } = JSON.parse(body.toString());
    if (typeof title === "string") return new AdminProblem(status, title, detail);
  } catch {
    // Not JSON: another server answers at this URL.
  }
  const shown = body.subarray(0, 200).toString();
  return new AdminProblem(status, `Answer ${status}, which is no emulator's`, shown);
}

/** @type {Record<string, any>} */
const CLIENTS = { "http:": http, "https:": https };
const CLOSED = ["ECONNRESET", "EPIPE"];
