/** What the report of a failing test tells of its namespace. */

import { AdminProblem, Unreachable } from "./connection.js";
import {
  answerText,
  callbackLines,
  eventLine,
  findingLines,
  requestLine,
  timeOfDay,
} from "./report.js";

/** @typedef {import("../types/shapes.js").RequestShown} RequestShown */

const NEWEST = 20;
const WIDTH = 80;

/**
 * Return what came, what was refused and why, what was sent, what is to come, and what the client
 * did wrong, each below a title.
 *
 * @param {import("./server.js").Server} server
 * @param {import("./namespace.js").Namespace} namespace
 * @returns {Promise<string>}
 */
export async function failureReport(server, namespace) {
  const sections = await failureSections(server, namespace);
  return sections.map(({ title, text }) => `${ruled(title)}\n${text}`).join("\n");
}

/**
 * @param {import("./server.js").Server} server
 * @param {import("./namespace.js").Namespace} namespace
 * @returns {Promise<{title: string, text: string}[]>}
 */
export async function failureSections(server, namespace) {
  const { name } = namespace;
  try {
    const came = await callsOf(server, namespace);
    const requests = await Promise.all(
      came.slice(-NEWEST).map((each) => requestLines(namespace, each)),
    );
    const sent = await namespace.callbacks();
    const callbacks = sent.slice(-NEWEST).flatMap(callbackLines);
    const toCome = await linesToCome(namespace);
    const conduct = (await namespace.conduct()).flatMap(findingLines);
    const noneCame = `none came to ${namespace.endpoint} with a key of this namespace`;
    return [
      section(`requests of ${name}`, limited(requests.flat(), came.length), noneCame),
      section(`callbacks of ${name}`, limited(callbacks, sent.length), "none was due"),
      ...(toCome.length ? [section(`to come in ${name}`, toCome)] : []),
      ...(conduct.length ? [section(`conduct of ${name}`, conduct)] : []),
    ];
  } catch (error) {
    if (!(error instanceof AdminProblem || error instanceof Unreachable)) throw error;
    return [section(name, [error.message])];
  }
}

/**
 * Return the calls of the namespace, and after them those in its name with a wrong signature.
 *
 * @param {import("./server.js").Server} server
 * @param {import("./namespace.js").Namespace} namespace
 */
async function callsOf(server, namespace) {
  const calls = await namespace.requests();
  for (const access_key_id of new Set(namespace.keys.map((key) => key.id))) {
    calls.push(...(await server.unverified({ access_key_id })));
  }
  return calls;
}

/**
 * @param {import("./namespace.js").Namespace} namespace
 * @param {RequestShown} request
 * @returns {Promise<string[]>}
 */
async function requestLines(namespace, request) {
  const line = requestLine(request);
  if (request.verdict === "accepted") return [line, `    ${answerText(request)}`];
  const sentence = await namespace.explain(request.request_id).then(
    (explained) => explained.sentence,
    (error) => {
      if (error instanceof AdminProblem) return ""; // the server keeps the newest explanations only
      throw error;
    },
  );
  return sentence ? [line, `    ${sentence}`] : [line];
}

/** @param {import("./namespace.js").Namespace} namespace */
async function linesToCome(namespace) {
  const events = (await namespace.timeline()).slice(0, NEWEST);
  const { mode, now } = await namespace.clock.show();
  const isHeld = events.length > 0 && mode === "manual";
  const held = isHeld ? [`the clock is held at ${timeOfDay(now.toISOString())}`] : [];
  return [...held, ...events.map((event) => eventLine(event, now))];
}

/**
 * @param {string[]} lines of the newest
 * @param {number} count of all
 */
function limited(lines, count) {
  return count > NEWEST ? [`… ${count - NEWEST} before`, ...lines] : lines;
}

/**
 * @param {string} of
 * @param {string[]} lines
 * @param {string} [none]
 */
function section(of, lines, none = "") {
  return { title: `emulator: ${of}`, text: lines.join("\n") || none };
}

/** @param {string} title */
function ruled(title) {
  const side = "-".repeat(Math.max(4, Math.floor((WIDTH - title.length - 2) / 2)));
  return `${side} ${title} ${side}`;
}
