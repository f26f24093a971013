import assert from "node:assert/strict";
import test from "node:test";

import { emulated, NoMatch } from "mediacloud-emulator";

import { SNAPSHOT, tiwInternational } from "./clients.js";

test(
  "a clock is held where it is told",
  emulated(async ({ clock }) => {
    await clock.hold("2030-01-01T00:00:00Z");

    assert.deepEqual(await clock.show(), { mode: "manual", now: new Date("2030-01-01T00:00:00Z") });
  }),
);

test(
  "a clock that is held takes a Date",
  emulated(async ({ clock }) => {
    const moment = new Date("2030-01-01T00:00:00.5Z");

    await clock.hold(moment);

    assert.deepEqual(await clock.now(), moment);
  }),
);

test(
  "a clock that is released runs",
  emulated(async ({ clock }) => {
    await clock.release();

    assert.equal(await clock.isManual(), false);
  }),
);

test(
  "advance returns how many events fell due",
  emulated(async ({ namespace, clock }) => {
    await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);

    assert.ok((await clock.advance(60)) > 0);
    assert.equal(await clock.advance(0), 0);
  }),
);

test(
  "work is done on the way while the clock advances",
  emulated(async ({ clock }) => {
    await clock.hold("2030-01-01T00:00:00Z");
    const seen = [];

    await clock.advance(25, {
      every: 10,
      run: async () => seen.push((await clock.now()).getTime()),
    });

    const start = Date.parse("2030-01-01T00:00:00Z");
    assert.deepEqual(
      seen.map((moment) => (moment - start) / 1000),
      [10, 20, 25],
    );
  }),
);

test(
  "steps of no time are refused",
  emulated(async ({ clock }) => {
    await assert.rejects(clock.advance(10, { every: 0 }), RangeError);
  }),
);

test(
  "a wait that a held clock keeps from ending says so",
  emulated(async ({ namespace }) => {
    const { TaskID } = await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);

    const wait = namespace.waitForCallback({ timeout_seconds: 0 });

    await assert.rejects(wait, (error) => {
      assert.ok(error instanceof NoMatch);
      assert.match(error.message, /no callback came at all/);
      assert.match(
        error.message,
        new RegExp(`the clock is held: advance it; in .* of tiw.snapshot ${TaskID}`),
      );
      return true;
    });
  }),
);
