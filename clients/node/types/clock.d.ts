export class Clock {
    /**
     * @param {import("./connection.js").Connection} connection
     * @param {string} path
     */
    constructor(connection: import("./connection.js").Connection, path: string);
    connection: import("./connection.js").Connection;
    path: string;
    /** Return the mode, `manual` or `real`, and the moment. */
    show(): Promise<{
        mode: "manual" | "real";
        now: Date;
    }>;
    /** @returns {Promise<Date>} */
    now(): Promise<Date>;
    isManual(): Promise<boolean>;
    /**
     * Move the clock on, and hold it first if it runs. Return how many events fell due.
     *
     * All of them are done by then: callbacks have been sent, retries included. `run` is called at
     * the end, and after every `every` seconds on the way.
     *
     * @param {number} seconds
     * @param {{every?: number, run?: () => unknown}} [options]
     * @returns {Promise<number>}
     */
    advance(seconds: number, { every, run }?: {
        every?: number;
        run?: () => unknown;
    }): Promise<number>;
    /**
     * Stop the clock, where it is or at a moment.
     *
     * @param {Date | string} [now] a text is in ISO 8601 with its zone
     */
    hold(now?: Date | string): Promise<void>;
    /** Let the clock run with real time. */
    release(): Promise<void>;
}
