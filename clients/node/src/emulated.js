/** Gives a test a namespace of its own, and has the test's failure tell what happened there. */

import { randomUUID } from "node:crypto";

import { AdminProblem } from "./connection.js";
import { failureReport } from "./failure.js";
import { start } from "./launch.js";
import { ReceiverServer } from "./receiver.js";
import { Server } from "./server.js";

/**
 * What one test has for itself. The clock stands until the test moves it, and `receiver` gets the
 * callbacks that no call sends elsewhere.
 *
 * @typedef {object} Bench
 * @property {import("./namespace.js").Namespace} namespace
 * @property {import("./clock.js").Clock} clock
 * @property {import("./receiver.js").Receiver} receiver
 * @property {Server} server
 */

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
/**
 * @template {unknown[]} A
 * @overload
 * @param {import("./server.js").Declared} declared what the namespace is made with
 * @param {(bench: Bench, ...given: A) => unknown} body
 * @returns {(...given: A) => Promise<void>}
 */
/**
 * @param {import("./server.js").Declared | ((bench: Bench, ...given: any[]) => unknown)} first
 * @param {(bench: Bench, ...given: any[]) => unknown} [second]
 */
export function emulated(first, second) {
  const [declared, body] = typeof first === "function" ? [{}, first] : [first, second];
  if (!body) throw new TypeError("emulated: expected a function, after what the namespace has");
  return async (/** @type {any[]} */ ...given) => {
    const server = await sharedServer();
    const receivers = await sharedReceivers();
    const name = declared.name ?? nameFor(given[0]);
    const receiver = receivers.add(name);
    try {
      const namespace = await server.create({
        clock: "manual",
        callback_url: receiver.url,
        ...declared,
        name,
      });
      receiver.of(namespace);
      const forget = reportWhenAborted(given[0], server, namespace);
      try {
        await body({ namespace, clock: namespace.clock, receiver, server }, ...given);
      } catch (error) {
        throw withReport(error, await failureReport(server, namespace));
      } finally {
        forget();
        await namespace.delete().catch(unlessAbsent);
      }
    } finally {
      receivers.remove(name);
    }
  };
}

/**
 * Write the report to standard error when the runner ends the test at its time limit. Return how
 * to stop listening.
 *
 * @param {any} context what node:test or vitest hands to a test, with a signal
 * @param {Server} server
 * @param {import("./namespace.js").Namespace} namespace
 */
function reportWhenAborted(context, server, namespace) {
  /** @type {AbortSignal | undefined} */
  const signal = context?.signal;
  const report = async () => console.error(await failureReport(server, namespace));
  signal?.addEventListener?.("abort", report, { once: true });
  return () => signal?.removeEventListener?.("abort", report);
}

/**
 * Return a name that a namespace may have, and that still says which test it is of.
 *
 * @param {any} context what node:test or vitest hands to a test; jest has the name elsewhere
 */
function nameFor(context) {
  const { expect } = /** @type {any} */ (globalThis);
  const title = context?.task?.name ?? context?.name ?? expect?.getState?.().currentTestName ?? "";
  const words = String(title)
    .replaceAll(/[^A-Za-z0-9_]+/g, "-")
    .slice(0, 44);
  return `${words.replaceAll(/^[-_]+|[-_]+$/g, "") || "test"}-${randomUUID().slice(0, 8)}`;
}

/**
 * Test runners show the stack, the message, or both.
 *
 * @param {unknown} error
 * @param {string} report
 */
function withReport(error, report) {
  const told = error instanceof Error ? error : new Error(String(error), { cause: error });
  const { message, stack = "" } = told;
  const full = `${message}\n\n${report}\n`;
  const [before, ...after] = message ? stack.split(message) : [stack];
  told.message = full;
  told.stack =
    message && after.length ? `${before}${full}${after.join(message)}` : `${stack}\n${full}`;
  return told;
}

/** @param {unknown} error of a deletion; the test may have deleted the namespace itself */
function unlessAbsent(error) {
  if (!(error instanceof AdminProblem && error.status === 404)) throw error;
}

/** @type {Promise<Server> | undefined} */
let server;
/** @type {Promise<ReceiverServer> | undefined} */
let receivers;

/** Return the server of `EMULATOR_URL`, or the one of this process. */
export function sharedServer() {
  const { EMULATOR_URL: url, EMULATOR_ADMIN_TOKEN: token } = process.env;
  server ??= url ? Promise.resolve(new Server(url, token)) : start();
  return server;
}

function sharedReceivers() {
  receivers ??= ReceiverServer.start(process.env.EMULATOR_RECEIVER_HOST);
  return receivers;
}
