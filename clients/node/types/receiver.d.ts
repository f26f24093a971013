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
    constructor(method: string, path: string, headers: http.IncomingHttpHeaders, body: Buffer);
    method: string;
    path: string;
    headers: http.IncomingHttpHeaders;
    body: Buffer<ArrayBufferLike>;
    /**
     * The decoded JSON body; integers that a number cannot hold are BigInts.
     *
     * @returns {any}
     */
    get content(): any;
}
/** Takes the callbacks to one URL and below it, and answers 200 unless told otherwise. */
export class Receiver {
    /** @param {string} url */
    constructor(url: string);
    url: string;
    /**
     * Wait by the clock of a namespace from now on, and tell what it keeps back.
     *
     * @param {import("./namespace.js").Namespace} namespace
     */
    of(namespace: import("./namespace.js").Namespace): this;
    /** What came so far, in order; requests that ask whether anybody is there (GET) are not kept. */
    get received(): Received[];
    /** What came last; throws where nothing came. */
    get last(): Received;
    /**
     * Return what came, as soon as there are so many. Waits 5 s unless told otherwise, 1 s where the
     * clock is held. Throws at the time-out.
     *
     * @param {{at_least?: number, timeout_seconds?: number}} [wait]
     */
    wait({ at_least, timeout_seconds: asked }?: {
        at_least?: number;
        timeout_seconds?: number;
    }): Promise<Received[]>;
    /** Return what came since the last time. */
    take(): Received[];
    /**
     * Answer so from now on, or only the next `times` callbacks and as before after them.
     *
     * A function gets what was received and returns a status, or nothing for 200. What it throws is
     * written to standard error, and answered 500.
     *
     * @param {(Reply & {times?: number}) | Answering} answer
     */
    answer(answer: (Reply & {
        times?: number;
    }) | Answering): void;
    /**
     * Hand what comes to your own application from now on, and answer what it answers. What it throws
     * is written to standard error, and answered 500.
     *
     * @param {Listener} application what `node:http` calls with request and response, such as an
     *   application of Express
     */
    forward(application: Listener): void;
    /**
     * Have one request answered, and keep it.
     *
     * @param {Received} received
     * @param {http.IncomingMessage} request
     * @param {http.ServerResponse} response
     */
    takeIn(received: Received, request: http.IncomingMessage, response: http.ServerResponse): Promise<void>;
    /** Let go of answers that are still held back. */
    close(): void;
    #private;
}
/** A server on a port of its own, with a receiver for each name. It does not keep Node.js alive. */
export class ReceiverServer {
    /**
     * @param {string} [host] the name by which the emulator finds this machine
     * @returns {Promise<ReceiverServer>}
     */
    static start(host?: string): Promise<ReceiverServer>;
    url: string;
    /**
     * Take callbacks to `/name`, until `remove`.
     *
     * @param {string} name
     */
    add(name: string): Receiver;
    /** @param {string} name */
    remove(name: string): void;
    close(): Promise<void>;
    #private;
}
export type Answering = import("./application.js").Answering;
export type Handler = import("./application.js").Handler;
export type Listener = import("./application.js").Listener;
export type Reply = import("./application.js").Reply;
import http from "node:http";
