/** How callbacks are answered: always the same, by a function, or by the user's application. */

import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {import("./receiver.js").Received} Received */

/**
 * How a callback is answered.
 *
 * @typedef {{status?: number, delay_seconds?: number, body?: string | Buffer}} Reply
 */

/**
 * @typedef {(received: Received) => number | void | Promise<number | void>} Answering
 * @typedef {(request: http.IncomingMessage, response: http.ServerResponse) => unknown} Listener
 */

/**
 * @typedef {object} Turn one request with what is needed to answer it
 * @property {Received} received
 * @property {http.IncomingMessage} request
 * @property {http.ServerResponse} response
 * @property {() => void} keep
 * @property {AbortSignal} closed
 * @typedef {(turn: Turn) => unknown} Handler
 */

/**
 * @param {Reply} reply
 * @returns {Handler}
 */
export function always({ status = 200, delay_seconds = 0, body = "" }) {
  return async ({ received, response, keep, closed }) => {
    keep();
    if (received.method === "GET") {
      response.end();
      return;
    }
    if (delay_seconds) await sleep(delay_seconds * 1000, null, { signal: closed }).catch(() => {});
    response.writeHead(status, { "content-length": Buffer.byteLength(body) }).end(body);
  };
}

/**
 * @param {Answering} answering
 * @returns {Handler}
 */
export function byFunction(answering) {
  return async ({ received, response, keep }) => {
    const status = received.method === "GET" ? 200 : ((await answering(received)) ?? 200);
    if (!Number.isInteger(status)) {
      throw new TypeError(
        `${answering.name || "the function"} returned ${status}; ` +
          "expected a status, or nothing for 200",
      );
    }
    keep();
    response.writeHead(status).end();
  };
}

/**
 * The listener gets the request anew, since the body of the first one has been read.
 *
 * @param {Listener} listener
 * @returns {Handler}
 */
export function byListener(listener) {
  return async ({ received, request, response, keep }) => {
    const again = new http.IncomingMessage(request.socket);
    again.method = received.method;
    again.url = `/${received.path}`;
    again.headers = request.headers;
    again.rawHeaders = request.rawHeaders;
    again.httpVersion = request.httpVersion;
    again.httpVersionMajor = request.httpVersionMajor;
    again.httpVersionMinor = request.httpVersionMinor;
    again.complete = true;
    again.push(received.body);
    again.push(null);
    const ended = new Promise((resolve) => response.once("close", resolve));
    await listener(again, response);
    await ended;
    keep();
  };
}
