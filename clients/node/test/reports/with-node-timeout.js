import test from "node:test";

import { emulated } from "mediacloud-emulator";

import { SNAPSHOT, tiwInternational } from "../clients.js";

test(
  "a test that waits for ever",
  { timeout: 3000 },
  emulated(async ({ namespace }, context) => {
    await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);
    await new Promise(() => {
      const alive = setInterval(() => {}, 1000);
      context.signal.addEventListener("abort", () => clearInterval(alive));
    });
  }),
);
