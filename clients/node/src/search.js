/** Looking for requests and callbacks, and the text when others came than were expected. */

import { callbackLine, missLine, requestLine, shown } from "./report.js";

/** @typedef {import("../types/shapes.js").RequestShown} RequestShown */
/** @typedef {import("../types/shapes.js").CallbackShown} CallbackShown */

/**
 * Which calls are meant: all that fit. `parameters` are by name, or by dotted path, such as
 * `{"Whiteboard.Width": 1280}`; `after` is the number of a request.
 *
 * @typedef {Partial<Omit<import("../types/shapes.js").RequestSearch, "at_least" | "timeout_seconds">>} RequestFilter
 */

/**
 * Which callbacks are meant: all that fit. `content` is what the body says, by name or by dotted
 * path; `after` is the number of a callback.
 *
 * @typedef {Partial<Omit<import("../types/shapes.js").CallbackSearch, "at_least" | "timeout_seconds">>} CallbackFilter
 */

/** @typedef {{at_least?: number, timeout_seconds?: number}} Wait */

/** What came is not what was looked for; the text shows what came, and how it differs. */
export class NoMatch extends Error {
  /** @param {string[]} lines */
  constructor(...lines) {
    super(lines.join("\n").trimEnd());
    this.name = "NoMatch";
  }
}

/**
 * What a search found: how many, the newest hundred of them, and what came near.
 *
 * @template T
 * @typedef {object} Sighting
 * @property {Record<string, unknown> & Wait} search
 * @property {string} noun
 * @property {number} count
 * @property {T[]} items
 * @property {(item: T) => string} line
 * @property {{line: string, misses: import("../types/shapes.js").MissShown[]}[]} nearest
 */

/**
 * @param {import("./connection.js").Connection} connection
 * @param {string} path of the namespace
 * @param {RequestFilter & Wait} search
 * @returns {Promise<Sighting<RequestShown>>}
 */
export async function lookForRequests(connection, path, search) {
  const found = await look(connection, `${path}/requests/search`, search);
  return sighting(search, "request", found, found.requests, requestLine);
}

/**
 * @param {import("./connection.js").Connection} connection
 * @param {string} path of the namespace
 * @param {CallbackFilter & Wait} search
 * @returns {Promise<Sighting<CallbackShown>>}
 */
export async function lookForCallbacks(connection, path, search) {
  const found = await look(connection, `${path}/callbacks/search`, search);
  return sighting(search, "callback", found, found.callbacks, callbackLine);
}

/**
 * Return the last of as many as were waited for.
 *
 * @template T
 * @param {Sighting<T>} seen
 * @param {() => Promise<string>} [remark] is added to the text of a failure
 * @returns {Promise<T>}
 */
export async function newest(seen, remark = async () => "") {
  const { at_least = 1, timeout_seconds = 0 } = seen.search;
  if (seen.count >= at_least) return seen.items[seen.items.length - 1];
  const came = `${seen.count} of ${at_least} ${seen.noun}s came within ${timeout_seconds} s`;
  throw new NoMatch(`${came}: ${wanted(seen.search)}`, ...nearest(seen), await remark());
}

/**
 * Return the only one that was found.
 *
 * @template T
 * @param {Sighting<T>} seen
 * @param {() => Promise<string>} [remark] is added to the text where there is none
 * @returns {Promise<T>}
 */
export async function theOne(seen, remark = async () => "") {
  if (seen.count === 0) {
    const head = `no ${seen.noun} fits: ${wanted(seen.search)}`;
    throw new NoMatch(head, ...nearest(seen), await remark());
  }
  if (seen.count > 1) throw new NoMatch(...tooMany(seen, "one"));
  return seen.items[0];
}

/**
 * @template T
 * @param {Sighting<T>} seen
 */
export function nothing(seen) {
  if (seen.count) throw new NoMatch(...tooMany(seen, "none"));
}

/**
 * @param {import("./connection.js").Connection} connection
 * @param {string} path
 * @param {Wait} search
 */
function look(connection, path, search) {
  const timeoutSeconds = 60 + (search.timeout_seconds ?? 0);
  return connection.ask("POST", path, { content: search, timeoutSeconds });
}

/**
 * @template T
 * @param {Record<string, unknown> & Wait} search
 * @param {string} noun
 * @param {any} found
 * @param {T[]} items
 * @param {(item: T) => string} line
 * @returns {Sighting<T>}
 */
function sighting(search, noun, found, items, line) {
  /** @type {{misses: import("../types/shapes.js").MissShown[], [noun: string]: any}[]} */
  const near = found.nearest;
  const lines = near.map((each) => ({ line: line(each[noun]), misses: each.misses }));
  return { search, noun, count: found.count, items, line, nearest: lines };
}

/**
 * @template T
 * @param {Sighting<T>} seen
 * @param {string} expected
 */
function tooMany(seen, expected) {
  const fit = seen.count === 1 ? `${seen.noun} fits` : `${seen.noun}s fit`;
  return [
    `${seen.count} ${fit}, expected ${expected}: ${wanted(seen.search)}`,
    ...(seen.count > MOST_SHOWN ? ["    …"] : []),
    ...seen.items.slice(-MOST_SHOWN).map((item) => `    ${seen.line(item)}`),
  ];
}

/** @param {Record<string, unknown>} search */
function wanted({ at_least, timeout_seconds, ...filter }) {
  const named = Object.entries(filter).filter(([, value]) => value);
  return named.map(([name, value]) => `${name}=${shown(value)}`).join(", ") || "any";
}

/**
 * @template T
 * @param {Sighting<T>} seen
 */
function nearest(seen) {
  if (!seen.nearest.length && !seen.count) return [`no ${seen.noun} came at all`];
  return seen.nearest.flatMap(({ line, misses }) => [
    "",
    `nearest: ${line}`,
    ...misses.map(missLine),
  ]);
}

const MOST_SHOWN = 5;
