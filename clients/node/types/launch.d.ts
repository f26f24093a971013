/**
 * Start a server, and return it once it is ready. It stops with this process, and does not keep
 * this process alive.
 *
 * @param {object} [options]
 * @param {string[]} [options.command] what `serve` and the flags are added to; without it
 *   `emulator`, else `python3 -m emulator`, whichever is there
 * @param {Record<string, string | number | boolean | string[]>} [options.flags] of
 *   `emulator serve`: `{ seed: 7 }` is `--seed=7`
 * @returns {Promise<Launched>}
 */
export function start({ command, flags }?: {
    command?: string[] | undefined;
    flags?: Record<string, string | number | boolean | string[]> | undefined;
}): Promise<Launched>;
/** The server did not start; the text is what it said. */
export class LaunchError extends Error {
    /** @param {string} message */
    constructor(message: string);
}
/** A server that this process started. */
export class Launched extends Server {
    /**
     * @param {string} url
     * @param {string} token
     * @param {import("node:child_process").ChildProcess} child
     */
    constructor(url: string, token: string, child: import("node:child_process").ChildProcess);
    child: import("child_process").ChildProcess;
    /** Stop the server, and wait until it has ended. */
    stop(): Promise<void>;
}
import { Server } from "./server.js";
