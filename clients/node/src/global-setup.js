/**
 * One server for a whole run of vitest or jest: name this module as their `globalSetup`. Without
 * it each test file starts a server of its own.
 */

import { start } from "./launch.js";

export default async function setup() {
  if (process.env.EMULATOR_URL) return;
  // It stops with the process of the run, of which it is a child.
  process.env.EMULATOR_URL = (await start()).url;
}
