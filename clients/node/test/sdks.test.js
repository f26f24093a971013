import assert from "node:assert/strict";
import test from "node:test";

import { emulated } from "mediacloud-emulator";

import { ice, icePop, rtc, SNAPSHOT, tiwInternational, tiwMainland } from "./clients.js";

test(
  "a snapshot asked for by Tencent's international SDK calls back",
  emulated(async ({ namespace, clock, receiver }) => {
    const { TaskID } = await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);

    await clock.advance(60);

    assert.equal(receiver.last.content.EventData.TaskID, TaskID);
  }),
);

test(
  "a refusal reaches Tencent's international SDK",
  emulated(async ({ namespace }) => {
    const wide = { ...SNAPSHOT, Whiteboard: { Width: 2561 } };

    await assert.rejects(tiwInternational(namespace)("CreateSnapshotTask", wide), {
      code: "InvalidParameter",
    });
  }),
);

test(
  "Tencent's mainland SDK is answered as by the account's site",
  emulated({ accounts: [{ vendor: "tencent", site: "mainland" }] }, async ({ namespace }) => {
    const { TaskID } = await tiwMainland(namespace, "ap-guangzhou").CreateSnapshotTask(SNAPSHOT);

    assert.equal((await namespace.task(TaskID)).kind, "tiw.snapshot");
  }),
);

const JOB = {
  Input: JSON.stringify({ Type: "OSS", Media: "oss://pictures/film.mp4" }),
  Output: JSON.stringify({ Type: "OSS", Media: "oss://pictures/{Count}.jpg" }),
  TemplateConfig: JSON.stringify({ TemplateId: "96e8864746a0b6f3" }),
};

for (const [name, submit] of Object.entries({
  "@alicloud/openapi-client": async (namespace) =>
    (await ice(namespace)("SubmitSnapshotJob", JOB)).body,
  "@alicloud/pop-core": (namespace) =>
    icePop(namespace).request("SubmitSnapshotJob", JOB, { method: "POST" }),
})) {
  test(
    `a job submitted by ${name} is a task`,
    emulated(async ({ namespace }) => {
      const { JobId } = await submit(namespace);

      assert.equal((await namespace.task(JobId)).kind, "ice.snapshot");
    }),
  );
}

test(
  "a snapshot started by @volcengine/openapi is a task",
  emulated(async ({ namespace }) => {
    const start = rtc(namespace).createJSONAPI("StartSnapshot", { Version: "2023-11-01" });

    const answer = await start({
      AppId: "661e0000000000000000543c",
      RoomId: "Room1",
      TaskId: "Task1",
      StorageConfig: {
        TosConfig: { AccountId: "2100000000", Region: 0, Bucket: "shots" },
      },
    });

    assert.equal(answer.ResponseMetadata.Error, undefined);
    assert.deepEqual(
      (await namespace.tasks("rtc.snapshot")).map((task) => task.vendor),
      ["volcengine"],
    );
  }),
);
