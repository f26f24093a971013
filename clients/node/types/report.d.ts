/** @typedef {import("../types/shapes.js").RequestShown} RequestShown */
/** @typedef {import("../types/shapes.js").CallbackShown} CallbackShown */
/**
 * Return `tencent CreateSnapshotTask accepted {…}`, or what its refusal says.
 *
 * @param {RequestShown} request
 */
export function requestLine(request: RequestShown): string;
/** @param {RequestShown} request */
export function answerText(request: RequestShown): string;
/** @param {CallbackShown} callback */
export function callbackLine(callback: CallbackShown): string;
/**
 * Return a line for a callback, and one for each attempt.
 *
 * @param {CallbackShown} callback
 * @returns {string[]}
 */
export function callbackLines(callback: CallbackShown): string[];
/**
 * Return `in 2 s: finish of tiw.snapshot cd61…`, for an event to come.
 *
 * @param {import("../types/shapes.js").EventShown} event
 * @param {Date} now
 */
export function eventLine(event: import("../types/shapes.js").EventShown, now: Date): string;
/** @param {import("../types/shapes.js").MissShown} miss */
export function missLine(miss: import("../types/shapes.js").MissShown): string;
/**
 * Return what was found, what a good client does, and the ids to look it up by.
 *
 * @param {import("../types/shapes.js").FindingShown} found
 * @returns {string[]}
 */
export function findingLines(found: import("../types/shapes.js").FindingShown): string[];
/** @param {string} moment in ISO 8601, UTC */
export function timeOfDay(moment: string): string;
/**
 * Return a value as a filter is shown: texts as they are, anything else as JSON.
 *
 * @param {unknown} value
 */
export function shown(value: unknown): string;
export type RequestShown = import("../types/shapes.js").RequestShown;
export type CallbackShown = import("../types/shapes.js").CallbackShown;
