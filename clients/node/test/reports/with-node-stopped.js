/** A test that node:test stops, as at a time limit, while it waits for ever. */

import test from "node:test";

import { emulated } from "mediacloud-emulator";

import { SNAPSHOT, tiwInternational } from "../clients.js";

const stop = new AbortController();

test(
  "a test that waits for ever",
  { signal: stop.signal },
  emulated(async ({ namespace }) => {
    await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);
    stop.abort();
    await new Promise(() => {});
  }),
);
