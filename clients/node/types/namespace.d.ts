/**
 * Whether a scenario is named, as one of the library is: neither a document nor a path.
 *
 * @param {Scenario} scenario
 * @returns {scenario is string}
 */
export function isLibraryName(scenario: Scenario): scenario is string;
/** One namespace of a server. Names in options and answers are those of the administration. */
export class Namespace {
    /**
     * @param {import("./connection.js").Connection} connection
     * @param {import("../types/shapes.js").NamespaceShown} shown
     */
    constructor(connection: import("./connection.js").Connection, shown: import("../types/shapes.js").NamespaceShown);
    connection: import("./connection.js").Connection;
    path: string;
    name: string;
    seed: number;
    callbackUrl: string;
    keys: import("../types/shapes.js").KeyShown[];
    clock: Clock;
    /** The URL of the server. */
    get url(): string;
    /** Host and port of the server, as SDKs want it. */
    get endpoint(): string;
    /**
     * Return the first access key at a vendor.
     *
     * @param {string} vendor `tencent`, `alibaba` or `volcengine`
     */
    key(vendor: string): import("../types/shapes.js").KeyShown;
    /**
     * Return the calls that fit, the oldest of the newest hundred first.
     *
     * @param {RequestFilter} [wanted]
     */
    requests(wanted?: RequestFilter): Promise<import("../types/shapes.js").RequestShown[]>;
    /**
     * Return the call that fits; throws NoMatch unless there is exactly one.
     *
     * @param {RequestFilter} [wanted]
     */
    request(wanted?: RequestFilter): Promise<import("../types/shapes.js").RequestShown>;
    /**
     * Throw NoMatch, with the calls that came, if any call fits.
     *
     * @param {RequestFilter} [wanted]
     */
    assertNoRequest(wanted?: RequestFilter): Promise<void>;
    /**
     * Return the newest call that fits, once there are `at_least` of them.
     *
     * Waits 5 s unless told otherwise, 1 s where the clock is held. Throws NoMatch at the time-out,
     * which tells what came instead.
     *
     * @param {RequestFilter & Wait} [wanted]
     */
    waitForRequest(wanted?: RequestFilter & Wait): Promise<import("../types/shapes.js").RequestShown>;
    /**
     * Return the callbacks that fit, the oldest of the newest hundred first.
     *
     * @param {CallbackFilter} [wanted]
     */
    callbacks(wanted?: CallbackFilter): Promise<import("../types/shapes.js").CallbackShown[]>;
    /**
     * Return the callback that fits; throws NoMatch unless there is exactly one. Where there is none,
     * the text tells what a held clock keeps back.
     *
     * @param {CallbackFilter} [wanted]
     */
    callback(wanted?: CallbackFilter): Promise<import("../types/shapes.js").CallbackShown>;
    /**
     * Return the newest callback that fits, once there are `at_least` of them.
     *
     * Waits 5 s unless told otherwise, 1 s where the clock is held. Throws NoMatch at the time-out,
     * which tells what was sent instead, and what a held clock keeps back.
     *
     * @param {CallbackFilter & Wait} [wanted]
     */
    waitForCallback(wanted?: CallbackFilter & Wait): Promise<import("../types/shapes.js").CallbackShown>;
    /**
     * Send a callback once more now.
     *
     * @param {string} id
     * @returns {Promise<CallbackShown>}
     */
    resend(id: string): Promise<CallbackShown>;
    /**
     * Return what the client did that it should not, errors first, except by the rules in `except`.
     *
     * @param {{except?: string[]}} [options]
     * @returns {Promise<import("../types/shapes.js").FindingShown[]>}
     */
    conduct({ except }?: {
        except?: string[];
    }): Promise<import("../types/shapes.js").FindingShown[]>;
    /**
     * Throw an error that tells all findings, except those of the rules in `except`.
     *
     * @param {{except?: string[]}} [options]
     */
    assertGoodConduct({ except }?: {
        except?: string[];
    }): Promise<void>;
    /**
     * Say why a call was refused.
     *
     * @param {string} [requestId] the latest of any namespace without it
     * @returns {Promise<import("../types/shapes.js").ExplanationShown>}
     */
    explain(requestId?: string): Promise<import("../types/shapes.js").ExplanationShown>;
    /**
     * @param {string} [kind] such as `tiw.snapshot`
     * @returns {Promise<TaskShown[]>}
     */
    tasks(kind?: string): Promise<TaskShown[]>;
    /**
     * @param {string} id
     * @param {string} [kind] where several kinds have a task of the id
     * @returns {Promise<TaskShown>}
     */
    task(id: string, kind?: string): Promise<TaskShown>;
    /**
     * Do nothing for the task until it is released.
     *
     * @param {string} id
     * @param {string} [kind]
     * @returns {Promise<TaskShown>}
     */
    hold(id: string, kind?: string): Promise<TaskShown>;
    /**
     * @param {string} id
     * @param {string} [kind]
     * @returns {Promise<TaskShown>}
     */
    release(id: string, kind?: string): Promise<TaskShown>;
    /**
     * Take all steps of the task at once.
     *
     * @param {string} id
     * @param {string} [kind]
     * @returns {Promise<TaskShown>}
     */
    finish(id: string, kind?: string): Promise<TaskShown>;
    /**
     * Let the task fail, as its vendor documents it unless told otherwise.
     *
     * @param {string} id
     * @param {{kind?: string, code?: string, message?: string}} [failure]
     * @returns {Promise<TaskShown>}
     */
    fail(id: string, failure?: {
        kind?: string;
        code?: string;
        message?: string;
    }): Promise<TaskShown>;
    /**
     * Set how fast a kind of task goes, or one task, and how it ends.
     *
     * @param {Partial<import("../types/shapes.js").PaceAsked>} pace
     */
    setPace(pace: Partial<import("../types/shapes.js").PaceAsked>): Promise<void>;
    /**
     * Return what is to come, and when.
     *
     * @returns {Promise<import("../types/shapes.js").EventShown[]>}
     */
    timeline(): Promise<import("../types/shapes.js").EventShown[]>;
    /**
     * Load a scenario on top of what the namespace has.
     *
     * @param {Scenario} scenario
     * @returns {Promise<import("../types/shapes.js").ScenarioShown>}
     */
    loadScenario(scenario: Scenario): Promise<import("../types/shapes.js").ScenarioShown>;
    /** @returns {Promise<import("../types/shapes.js").RuleShown[]>} */
    rules(): Promise<import("../types/shapes.js").RuleShown[]>;
    /**
     * Add rules, each as in a scenario file, and in the place of one of its name.
     *
     * @param {...Record<string, unknown>} rules
     * @returns {Promise<import("../types/shapes.js").RuleShown[]>}
     */
    addRules(...rules: Record<string, unknown>[]): Promise<import("../types/shapes.js").RuleShown[]>;
    /**
     * @param {string} name
     * @param {boolean} is_on
     * @returns {Promise<import("../types/shapes.js").RuleShown>}
     */
    switchRule(name: string, is_on: boolean): Promise<import("../types/shapes.js").RuleShown>;
    /** @param {string} name */
    removeRule(name: string): Promise<void>;
    /**
     * Set who publishes where and which marks are set, in the places named.
     *
     * @param {{streams?: Record<string, unknown>[], marks?: Record<string, unknown>[]}} scene
     */
    setScene(scene: {
        streams?: Record<string, unknown>[];
        marks?: Record<string, unknown>[];
    }): Promise<void>;
    /**
     * Add accounts, or replace those named; each as in a world file.
     *
     * @param {...Record<string, unknown>} accounts
     */
    setAccounts(...accounts: Record<string, unknown>[]): Promise<void>;
    /**
     * Return the file at a URL of an answer or a callback, by whatever host the URL names.
     *
     * @param {string} url
     * @returns {Promise<Buffer>}
     */
    fetch(url: string): Promise<Buffer>;
    /** Make everything as at creation; keys, seed and world stay. */
    reset(): Promise<void>;
    delete(): Promise<void>;
    /**
     * Ask a route of this namespace, as docs/admin.md lists them.
     *
     * @param {string} method
     * @param {string} route such as `/sink`
     * @param {import("./connection.js").Asking} [asking]
     * @returns {Promise<any>}
     */
    ask(method: string, route: string, asking?: import("./connection.js").Asking): Promise<any>;
    /** Return a line on what a held clock keeps back first, "" where it keeps nothing. */
    keptBack(): Promise<string>;
    /**
     * Return how long to wait: while the clock is held, only others at work bring anything.
     *
     * @param {number} [asked]
     */
    waitSeconds(asked?: number): Promise<number>;
    #private;
}
export type TaskShown = import("../types/shapes.js").TaskShown;
export type RequestShown = import("../types/shapes.js").RequestShown;
export type CallbackShown = import("../types/shapes.js").CallbackShown;
export type RequestFilter = import("./search.js").RequestFilter;
export type CallbackFilter = import("./search.js").CallbackFilter;
export type Wait = import("./search.js").Wait;
/**
 * A scenario of the server's library by its name, a TOML file by its path or URL, or the document
 * itself.
 */
export type Scenario = string | URL | Record<string, unknown>;
import { Clock } from "./clock.js";
