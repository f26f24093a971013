/**
 * Return a function to hand to `test` of node:test, vitest or jest.
 *
 * It runs `body` with a namespace of its own, which is deleted afterwards. What `body` throws is
 * thrown on, with a report of the namespace at the end of its text. The server is that of
 * `EMULATOR_URL` (and `EMULATOR_ADMIN_TOKEN`), or one that this process starts once.
 *
 * @template {unknown[]} A
 * @overload
 * @param {(bench: Bench, ...given: A) => unknown} body
 * @returns {(...given: A) => Promise<void>}
 */
export function emulated<A extends unknown[]>(body: (bench: Bench, ...given: A) => unknown): (...given: A) => Promise<void>;
/**
 * @template {unknown[]} A
 * @overload
 * @param {import("./server.js").Declared} declared what the namespace is made with
 * @param {(bench: Bench, ...given: A) => unknown} body
 * @returns {(...given: A) => Promise<void>}
 */
export function emulated<A extends unknown[]>(declared: import("./server.js").Declared, body: (bench: Bench, ...given: A) => unknown): (...given: A) => Promise<void>;
/** Return the server of `EMULATOR_URL`, or the one of this process. */
export function sharedServer(): Promise<Server>;
/**
 * What one test has for itself. The clock stands until the test moves it, and `receiver` gets the
 * callbacks that no call sends elsewhere.
 */
export type Bench = {
    namespace: import("./namespace.js").Namespace;
    clock: import("./clock.js").Clock;
    receiver: import("./receiver.js").Receiver;
    server: Server;
};
import { Server } from "./server.js";
