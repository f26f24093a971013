/** A test that fails: one call is accepted and calls back, one is refused, one is still to end. */

import { emulated } from "mediacloud-emulator";

import { SNAPSHOT, tiwInternational } from "../clients.js";

export const failing = emulated(
  { name: process.env.REPORTED_NAMESPACE, now: "2030-01-01T00:00:00Z", seed: 7 },
  async ({ namespace, clock, receiver }) => {
    const call = tiwInternational(namespace);
    const { TaskID } = await call("CreateSnapshotTask", SNAPSHOT);
    await clock.advance(60);
    await call("CreateSnapshotTask", SNAPSHOT);
    await call("CreateSnapshotTask", { ...SNAPSHOT, Whiteboard: { Width: 2561 } }).catch(() => {});
    if (receiver.last.content.EventData.TaskID !== `not ${TaskID}`) {
      throw new Error("the wrong task called back");
    }
  },
);
