/** The clock of a namespace. */

// `advance` returns when all that fell due is done, including callbacks that nobody answers.
const ADVANCE_TIMEOUT_SECONDS = 600;

export class Clock {
  /**
   * @param {import("./connection.js").Connection} connection
   * @param {string} path
   */
  constructor(connection, path) {
    this.connection = connection;
    this.path = path;
  }

  /** Return the mode, `manual` or `real`, and the moment. */
  async show() {
    /** @type {import("../types/shapes.js").ClockShown} */
    const shown = await this.connection.ask("GET", this.path);
    return { mode: shown.mode, now: new Date(shown.now) };
  }

  /** @returns {Promise<Date>} */
  async now() {
    return (await this.show()).now;
  }

  async isManual() {
    return (await this.show()).mode === "manual";
  }

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
  async advance(seconds, { every = seconds, run = () => {} } = {}) {
    if (every <= 0 && seconds > 0) {
      throw new RangeError(`every: expected seconds above 0, got ${every}`);
    }
    let events = 0;
    let left = seconds;
    do {
      const step = Math.min(every, left);
      const answer = await this.connection.ask("POST", `${this.path}/advance`, {
        content: { seconds: step },
        timeoutSeconds: ADVANCE_TIMEOUT_SECONDS,
      });
      events += answer.events;
      await run();
      left = Number((left - step).toFixed(6)); // the clock counts microseconds
    } while (left > 0);
    return events;
  }

  /**
   * Stop the clock, where it is or at a moment.
   *
   * @param {Date | string} [now] a text is in ISO 8601 with its zone
   */
  async hold(now) {
    await this.connection.ask("PUT", this.path, { content: { mode: "manual", now } });
  }

  /** Let the clock run with real time. */
  async release() {
    await this.connection.ask("PUT", this.path, { content: { mode: "real" } });
  }
}
