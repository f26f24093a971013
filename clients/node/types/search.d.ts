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
export function lookForRequests(connection: import("./connection.js").Connection, path: string, search: RequestFilter & Wait): Promise<Sighting<RequestShown>>;
/**
 * @param {import("./connection.js").Connection} connection
 * @param {string} path of the namespace
 * @param {CallbackFilter & Wait} search
 * @returns {Promise<Sighting<CallbackShown>>}
 */
export function lookForCallbacks(connection: import("./connection.js").Connection, path: string, search: CallbackFilter & Wait): Promise<Sighting<CallbackShown>>;
/**
 * Return the last of as many as were waited for.
 *
 * @template T
 * @param {Sighting<T>} seen
 * @param {() => Promise<string>} [remark] is added to the text of a failure
 * @returns {Promise<T>}
 */
export function newest<T>(seen: Sighting<T>, remark?: () => Promise<string>): Promise<T>;
/**
 * Return the only one that was found.
 *
 * @template T
 * @param {Sighting<T>} seen
 * @param {() => Promise<string>} [remark] is added to the text where there is none
 * @returns {Promise<T>}
 */
export function theOne<T>(seen: Sighting<T>, remark?: () => Promise<string>): Promise<T>;
/**
 * @template T
 * @param {Sighting<T>} seen
 */
export function nothing<T>(seen: Sighting<T>): void;
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
    constructor(...lines: string[]);
}
/**
 * What a search found: how many, the newest hundred of them, and what came near.
 */
export type Sighting<T> = {
    search: Record<string, unknown> & Wait;
    noun: string;
    count: number;
    items: T[];
    line: (item: T) => string;
    nearest: {
        line: string;
        misses: import("../types/shapes.js").MissShown[];
    }[];
};
export type RequestShown = import("../types/shapes.js").RequestShown;
export type CallbackShown = import("../types/shapes.js").CallbackShown;
/**
 * Which calls are meant: all that fit. `parameters` are by name, or by dotted path, such as
 * `{"Whiteboard.Width": 1280}`; `after` is the number of a request.
 */
export type RequestFilter = Partial<Omit<import("../types/shapes.js").RequestSearch, "at_least" | "timeout_seconds">>;
/**
 * Which callbacks are meant: all that fit. `content` is what the body says, by name or by dotted
 * path; `after` is the number of a callback.
 */
export type CallbackFilter = Partial<Omit<import("../types/shapes.js").CallbackSearch, "at_least" | "timeout_seconds">>;
export type Wait = {
    at_least?: number;
    timeout_seconds?: number;
};
