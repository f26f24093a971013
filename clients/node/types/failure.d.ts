/**
 * Return what came, what was refused and why, what was sent, what is to come, and what the client
 * did wrong, each below a title.
 *
 * @param {import("./server.js").Server} server
 * @param {import("./namespace.js").Namespace} namespace
 * @returns {Promise<string>}
 */
export function failureReport(server: import("./server.js").Server, namespace: import("./namespace.js").Namespace): Promise<string>;
/**
 * @param {import("./server.js").Server} server
 * @param {import("./namespace.js").Namespace} namespace
 * @returns {Promise<{title: string, text: string}[]>}
 */
export function failureSections(server: import("./server.js").Server, namespace: import("./namespace.js").Namespace): Promise<{
    title: string;
    text: string;
}[]>;
export type RequestShown = import("../types/shapes.js").RequestShown;
