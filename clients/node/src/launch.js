/** Starts a server as a process of its own, which ends with the one that started it. */

import { spawn } from "node:child_process";

import { Server } from "./server.js";

const COMMANDS = [["emulator"], ["python3", "-m", "emulator"], ["python", "-m", "emulator"]];
const STOP_SECONDS = 10;

/** The server did not start; the text is what it said. */
export class LaunchError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "LaunchError";
  }
}

/** A server that this process started. */
export class Launched extends Server {
  /**
   * @param {string} url
   * @param {string} token
   * @param {import("node:child_process").ChildProcess} child
   */
  constructor(url, token, child) {
    super(url, token);
    this.child = child;
  }

  /** Stop the server, and wait until it has ended. */
  async stop() {
    this.close();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.ref();
    this.child.stdin?.end();
    const kill = setTimeout(() => this.child.kill("SIGKILL"), STOP_SECONDS * 1000);
    await ended;
    clearTimeout(kill);
  }
}

/**
 * Start a server, and return it once it is ready. It stops with this process, and does not keep
 * this process alive.
 *
 * @param {object} [options]
 * @param {string[]} [options.command] what `serve` and the flags are added to; without it
 *   `emulator`, else `python3 -m emulator`, whichever is there
 * @param {Record<string, string | number | boolean | string[]>} [options.flags] of
 *   `emulator serve`: `{ seed: 7 }` is `--seed=7`
 * @returns {Promise<Launched>}
 */
export async function start({ command, flags = {} } = {}) {
  const words = flagWords({ host: "127.0.0.1", port: 0, "log-level": "error", ...flags });
  const token = String(flags["admin-token"] ?? "");
  const tried = [];
  for (const [program, ...first] of command ? [command] : COMMANDS) {
    // The server stops when its standard input ends, which is when this process does.
    const child = spawn(program, [...first, "serve", "--stop-with-stdin", ...words], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, EMULATOR_ADMIN_TOKEN: token },
    });
    const { url, said } = await greeting(child);
    if (url) return new Launched(url, token, child);
    tried.push(`${[program, ...first].join(" ")}: ${said}`);
    if (!isAbsent(said)) break;
  }
  throw new LaunchError(
    `no server started; install the package mediacloud-emulator, or name a command.\n${tried.join("\n")}`,
  );
}

/**
 * Return the URL in the first line of a server, which comes once it is ready, or what it said
 * instead.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<{url: string, said: string}>}
 */
function greeting(child) {
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) return Promise.resolve({ url: "", said: "could not be run" });
  stdin.on("error", () => {}); // the server has ended before this process
  let out = "";
  let log = "";
  stderr.on("data", (chunk) => {
    if (isReady) process.stderr.write(chunk);
    else log += chunk;
  });
  let isReady = false;
  return new Promise((resolve) => {
    stdout.on("data", (chunk) => {
      if (isReady) return;
      out += chunk;
      const found = / listens on (\S+)\r?\n/.exec(out);
      if (!found) return;
      isReady = true;
      process.stderr.write(log);
      for (const part of [child, stdin, stdout, stderr]) unref(part);
      resolve({ url: found[1], said: "" });
    });
    child.on("error", (error) => resolve({ url: "", said: error.message }));
    child.on("close", (code) =>
      resolve({ url: "", said: log.trim() || `ended with ${code} and said nothing` }),
    );
  });
}

/** @param {any} part a process, or its pipe, which is a socket */
function unref(part) {
  part.unref?.();
}

/** @param {string} said */
function isAbsent(said) {
  return said.includes("ENOENT") || said.includes("No module named emulator");
}

/** @param {Record<string, string | number | boolean | string[]>} flags */
function flagWords(flags) {
  return Object.entries(flags).flatMap(([name, value]) => {
    if (value === false) return [];
    if (value === true) return [`--${name}`];
    return [value].flat().map((each) => `--${name}=${each}`);
  });
}
