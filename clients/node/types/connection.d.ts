/** A refusal of the administration; the text is that of its RFC 9457 document. */
export class AdminProblem extends Error {
    /**
     * @param {number} status
     * @param {string} title
     * @param {string} detail
     */
    constructor(status: number, title: string, detail: string);
    status: number;
    title: string;
    detail: string;
}
/** No server answers at the URL. */
export class Unreachable extends Error {
    /** @param {string} message */
    constructor(message: string);
}
/**
 * @typedef {object} Asking
 * @property {unknown} [content] sent as JSON
 * @property {string} [toml] sent as TOML
 * @property {Record<string, unknown>} [query] parameters that are empty are left out
 * @property {number} [timeoutSeconds]
 */
export class Connection {
    /**
     * @param {string} url such as `http://127.0.0.1:4588`
     * @param {string} token of the administration, if it asks for one
     */
    constructor(url: string, token: string);
    url: string;
    host: string;
    headers: {
        authorization: string;
    } | {
        authorization?: undefined;
    };
    client: any;
    agent: any;
    /**
     * Return the decoded answer; throws AdminProblem where it is a refusal.
     *
     * @param {string} method
     * @param {string} path
     * @param {Asking} [asking]
     * @returns {Promise<any>}
     */
    ask(method: string, path: string, asking?: Asking): Promise<any>;
    /**
     * Return the status and the raw body of an answer. A request whose kept connection turns out to
     * be closed is sent once more on a new one.
     *
     * @param {string} method
     * @param {string} path
     * @param {Asking} [asking]
     * @returns {Promise<{status: number, body: Buffer}>}
     */
    send(method: string, path: string, asking?: Asking): Promise<{
        status: number;
        body: Buffer;
    }>;
    /** Close the connections; the server goes on. */
    close(): void;
    #private;
}
export type Asking = {
    /**
     * sent as JSON
     */
    content?: unknown;
    /**
     * sent as TOML
     */
    toml?: string | undefined;
    /**
     * parameters that are empty are left out
     */
    query?: Record<string, unknown> | undefined;
    timeoutSeconds?: number | undefined;
};
