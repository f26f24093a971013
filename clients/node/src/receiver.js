/** A customer's server within a test: keeps the callbacks that come to it. */

import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { always, byFunction, byListener } from "./application.js";
import { decode } from "./json.js";

/** @typedef {import("./application.js").Answering} Answering */
/** @typedef {import("./application.js").Handler} Handler */
/** @typedef {import("./application.js").Listener} Listener */
/** @typedef {import("./application.js").Reply} Reply */

/** One callback as it came; `path` is what follows the receiver's URL. */
export class Received {
  /**
   * @param {string} method
   * @param {string} path
   * @param {http.IncomingHttpHeaders} headers names are in lower case
   * @param {Buffer} body
   */
  constructor(method, path, headers, body) {
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.body = body;
  }

  /**
   * The decoded JSON body; integers that a number cannot hold are BigInts.
   *
   * @returns {any}
   */
  get content() {
    return decode(this.body.toString());
  }
}

/** Takes the callbacks to one URL and below it, and answers 200 unless told otherwise. */
export class Receiver {
  /** @type {Received[]} */
  #received = [];
  /** @type {Handler[]} */
  #next = [];
  /** @type {Handler} */
  #usual = always({});
  /** @type {Set<() => void>} */
  #waiting = new Set();
  #closed = new AbortController();
  /** @type {import("./namespace.js").Namespace | undefined} */
  #namespace;

  /** @param {string} url */
  constructor(url) {
    this.url = url;
  }

  /**
   * Wait by the clock of a namespace from now on, and tell what it keeps back.
   *
   * @param {import("./namespace.js").Namespace} namespace
   */
  of(namespace) {
    this.#namespace = namespace;
    return this;
  }

  /** What came so far, in order; requests that ask whether anybody is there (GET) are not kept. */
  get received() {
    return [...this.#received];
  }

  /** What came last; throws where nothing came. */
  get last() {
    const last = this.#received.at(-1);
    if (!last) throw new Error(`no callback came to ${this.url}`);
    return last;
  }

  /**
   * Return what came, as soon as there are so many. Waits 5 s unless told otherwise, 1 s where the
   * clock is held. Throws at the time-out.
   *
   * @param {{at_least?: number, timeout_seconds?: number}} [wait]
   */
  async wait({ at_least = 1, timeout_seconds: asked } = {}) {
    const usual = asked ?? 5;
    const timeout_seconds = (await this.#namespace?.waitSeconds(asked)) ?? usual;
    const ended = new AbortController();
    const timeout = sleep(timeout_seconds * 1000, "timeout", { signal: ended.signal });
    timeout.catch(() => {});
    try {
      while (this.#received.length < at_least) {
        const { changed, forget } = this.#change();
        const first = await Promise.race([changed, timeout]).finally(forget);
        if (first === "timeout" && this.#received.length < at_least) {
          const came = `${this.#received.length} callbacks came to ${this.url}`;
          const keptBack = (await this.#namespace?.keptBack()) ?? "";
          const text = `${came} in ${timeout_seconds} s, expected ${at_least}\n${keptBack}`;
          throw new Error(text.trimEnd());
        }
      }
    } finally {
      ended.abort();
    }
    return this.received;
  }

  /** Return what came since the last time. */
  take() {
    return this.#received.splice(0);
  }

  /**
   * Answer so from now on, or only the next `times` callbacks and as before after them.
   *
   * A function gets what was received and returns a status, or nothing for 200. What it throws is
   * written to standard error, and answered 500.
   *
   * @param {(Reply & {times?: number}) | Answering} answer
   */
  answer(answer) {
    if (typeof answer === "function") {
      this.#become(byFunction(answer));
    } else if (answer.times === undefined) {
      this.#become(always(answer));
    } else {
      this.#next.push(...Array.from({ length: answer.times }, () => always(answer)));
    }
  }

  /**
   * Hand what comes to your own application from now on, and answer what it answers. What it throws
   * is written to standard error, and answered 500.
   *
   * @param {Listener} application what `node:http` calls with request and response, such as an
   *   application of Express
   */
  forward(application) {
    this.#become(byListener(application));
  }

  /**
   * Have one request answered, and keep it.
   *
   * @param {Received} received
   * @param {http.IncomingMessage} request
   * @param {http.ServerResponse} response
   */
  async takeIn(received, request, response) {
    const isCallback = received.method !== "GET";
    const handler = (isCallback && this.#next.shift()) || this.#usual;
    const keep = () => {
      if (!isCallback) return;
      this.#received.push(received);
      for (const tell of this.#waiting) tell();
    };
    try {
      await handler({ received, request, response, keep, closed: this.#closed.signal });
    } catch (error) {
      console.error(error);
      if (!response.headersSent) response.statusCode = 500;
      response.end();
      keep();
    }
  }

  /** Let go of answers that are still held back. */
  close() {
    this.#closed.abort();
  }

  /** @param {Handler} usual */
  #become(usual) {
    this.#usual = usual;
    this.#next = [];
  }

  #change() {
    /** @type {() => void} */
    let tell = () => {};
    const changed = new Promise((resolve) => {
      tell = () => resolve("changed");
    });
    this.#waiting.add(tell);
    return { changed, forget: () => this.#waiting.delete(tell) };
  }
}

/** A server on a port of its own, with a receiver for each name. It does not keep Node.js alive. */
export class ReceiverServer {
  /** @type {Map<string, Receiver>} */
  #receivers = new Map();
  #server = http.createServer((request, response) => this.#handle(request, response));

  /**
   * @param {string} [host] the name by which the emulator finds this machine
   * @returns {Promise<ReceiverServer>}
   */
  static async start(host = "127.0.0.1") {
    const server = new ReceiverServer();
    const address = LOOPBACK.includes(host) ? "127.0.0.1" : "0.0.0.0";
    await /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        server.#server.once("error", reject).listen(0, address, resolve);
      })
    );
    server.#server.unref();
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.#server.address());
    server.url = `http://${host}:${port}`;
    return server;
  }

  constructor() {
    this.url = "";
    this.#server.on("connection", (socket) => socket.unref());
  }

  /**
   * Take callbacks to `/name`, until `remove`.
   *
   * @param {string} name
   */
  add(name) {
    const receiver = new Receiver(`${this.url}/${name}`);
    this.#receivers.set(name, receiver);
    return receiver;
  }

  /** @param {string} name */
  remove(name) {
    this.#receivers.get(name)?.close();
    this.#receivers.delete(name);
  }

  async close() {
    for (const name of this.#receivers.keys()) this.remove(name);
    this.#server.closeAllConnections?.();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /**
   * @param {http.IncomingMessage} request
   * @param {http.ServerResponse} response
   */
  async #handle(request, response) {
    /** @type {Buffer[]} */
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // the emulator no longer waits
    }
    const [, name, rest] = /** @type {RegExpExecArray} */ (
      /^\/?([^/?]*)\/?(.*)$/s.exec(request.url ?? "")
    );
    const receiver = this.#receivers.get(name);
    if (!receiver) {
      response.writeHead(404).end();
      return;
    }
    const { method = "", headers } = request;
    const received = new Received(method, rest, headers, Buffer.concat(chunks));
    await receiver.takeIn(received, request, response);
  }
}

const LOOPBACK = ["127.0.0.1", "localhost"];
