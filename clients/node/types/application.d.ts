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
export function always({ status, delay_seconds, body }: Reply): Handler;
/**
 * @param {Answering} answering
 * @returns {Handler}
 */
export function byFunction(answering: Answering): Handler;
/**
 * The listener gets the request anew, since the body of the first one has been read.
 *
 * @param {Listener} listener
 * @returns {Handler}
 */
export function byListener(listener: Listener): Handler;
export type Received = import("./receiver.js").Received;
/**
 * How a callback is answered.
 */
export type Reply = {
    status?: number;
    delay_seconds?: number;
    body?: string | Buffer;
};
export type Answering = (received: Received) => number | void | Promise<number | void>;
export type Listener = (request: http.IncomingMessage, response: http.ServerResponse) => unknown;
/**
 * one request with what is needed to answer it
 */
export type Turn = {
    received: Received;
    request: http.IncomingMessage;
    response: http.ServerResponse;
    keep: () => void;
    closed: AbortSignal;
};
export type Handler = (turn: Turn) => unknown;
import http from "node:http";
