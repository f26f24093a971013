/**
 * How requests, callbacks and findings read, for people. The wording is that of the pytest plugin
 * (emulator/client/report.py); a test compares both.
 */

import { encode } from "./json.js";

const MAX_SHOWN = 160;
const MOST_IDS = 4;

/** @typedef {import("../types/shapes.js").RequestShown} RequestShown */
/** @typedef {import("../types/shapes.js").CallbackShown} CallbackShown */

/**
 * Return `tencent CreateSnapshotTask accepted {…}`, or what its refusal says.
 *
 * @param {RequestShown} request
 */
export function requestLine(request) {
  const called = `${request.vendor} ${request.action || `${request.method} ${request.path}`}`;
  const given = short(request.parameters);
  const struck = request.fault ? `; struck by ${request.fault}` : "";
  if (request.verdict === "accepted") {
    const unread = request.unread.length ? `; nobody reads ${request.unread.join(", ")}` : "";
    return `${called} accepted ${given}${unread}${struck}`;
  }
  const answered = request.status ? `answered ${request.status}` : "no answer";
  const words = request.message.split(/\s+/).filter(Boolean).join(" ");
  const said = request.code ? `${request.code}: ${words}` : answered;
  return `${called} refused: ${said} ${given}${struck}`;
}

/** @param {RequestShown} request */
export function answerText(request) {
  return `answered ${short(request.answer)}`;
}

/** @param {CallbackShown} callback */
export function callbackLine(callback) {
  const sent = `${callback.vendor} ${callback.event} of ${callback.task}`;
  return `${sent} to ${callback.url}: ${callback.state}`;
}

/**
 * Return a line for a callback, and one for each attempt.
 *
 * @param {CallbackShown} callback
 * @returns {string[]}
 */
export function callbackLines(callback) {
  const attempts = callback.attempts.map(({ number, at, status, problem }) => {
    const came = status ? `answered ${status}` : "no answer";
    return `    attempt ${number} at ${timeOfDay(at)}: ${came}${problem ? `: ${problem}` : ""}`;
  });
  return [callbackLine(callback), ...attempts];
}

/**
 * Return `in 2 s: finish of tiw.snapshot cd61…`, for an event to come.
 *
 * @param {import("../types/shapes.js").EventShown} event
 * @param {Date} now
 */
export function eventLine(event, now) {
  const of = event.place || event.callback || `${event.kind ?? ""} ${event.task ?? ""}`;
  const seconds = (new Date(event.due_at).getTime() - now.getTime()) / 1000;
  return `in ${Number(seconds.toPrecision(6))} s: ${event.what} of ${of}`;
}

/** @param {import("../types/shapes.js").MissShown} miss */
export function missLine(miss) {
  return `    ${miss.field}: expected ${short(miss.expected)}, got ${short(miss.got)}`;
}

/**
 * Return what was found, what a good client does, and the ids to look it up by.
 *
 * @param {import("../types/shapes.js").FindingShown} found
 * @returns {string[]}
 */
export function findingLines(found) {
  const more = found.evidence.length - MOST_IDS;
  const seen = found.evidence.slice(0, MOST_IDS).join(", ");
  return [
    `${found.rule} (${found.severity}): ${found.sentence}`,
    `    ${found.advice}`,
    `    seen in ${seen}${more > 0 ? ` and ${more} more` : ""}`,
  ];
}

/** @param {string} moment in ISO 8601, UTC */
export function timeOfDay(moment) {
  return moment.slice(11, 19);
}

/**
 * Return a value as a filter is shown: texts as they are, anything else as JSON.
 *
 * @param {unknown} value
 */
export function shown(value) {
  return typeof value === "string" ? value : encode(value ?? null);
}

/** @param {unknown} value */
function short(value) {
  const text = typeof value === "string" ? quoted(value) : shown(value);
  const letters = [...text];
  return letters.length <= MAX_SHOWN ? text : `${letters.slice(0, MAX_SHOWN).join("")}…`;
}

/** @param {string} text */
function quoted(text) {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return text.includes("'") && !text.includes('"')
    ? `"${escaped}"`
    : `'${escaped.replaceAll("'", "\\'")}'`;
}
