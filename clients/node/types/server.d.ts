/**
 * What a namespace is made with: its name, the keys of a world file, its clock, and what goes
 * wrong.
 *
 * @typedef {Partial<Omit<import("../types/shapes.js").NamespaceAsked, "scenario" | "now">> & {
 *   now?: Date | string,
 *   scenario?: import("./namespace.js").Scenario,
 * }} Declared
 */
/** A server by its URL, and with its token where it asks for one. */
export class Server {
    /**
     * @param {string} url such as `http://127.0.0.1:4588`
     * @param {string} [token]
     */
    constructor(url: string, token?: string);
    connection: Connection;
    get url(): string;
    /** Host and port, as SDKs want it. */
    get endpoint(): string;
    /** @returns {Promise<import("../types/shapes.js").Health>} */
    health(): Promise<import("../types/shapes.js").Health>;
    /**
     * Return a namespace that exists.
     *
     * @param {string} [name] `default` is the one of the access key `test`
     */
    namespace(name?: string): Promise<Namespace>;
    /**
     * Make a namespace. A scenario file is loaded once the namespace is there.
     *
     * @param {Declared} [declared]
     */
    create(declared?: Declared): Promise<Namespace>;
    /**
     * Return calls that belong to no namespace, because their signature was not found right.
     *
     * @param {{vendor?: string, access_key_id?: string, after?: number}} [wanted]
     * @returns {Promise<import("../types/shapes.js").RequestShown[]>}
     */
    unverified(wanted?: {
        vendor?: string;
        access_key_id?: string;
        after?: number;
    }): Promise<import("../types/shapes.js").RequestShown[]>;
    /** Close the connections; the server goes on. */
    close(): void;
}
/**
 * What a namespace is made with: its name, the keys of a world file, its clock, and what goes
 * wrong.
 */
export type Declared = Partial<Omit<import("../types/shapes.js").NamespaceAsked, "scenario" | "now">> & {
    now?: Date | string;
    scenario?: import("./namespace.js").Scenario;
};
import { Connection } from "./connection.js";
import { Namespace } from "./namespace.js";
