import assert from "node:assert/strict";
import test from "node:test";

import { emulated, NoMatch } from "mediacloud-emulator";

import { SNAPSHOT, tiwInternational } from "./clients.js";

test(
  "the one call that fits is found by a dotted path",
  emulated(async ({ namespace }) => {
    await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);

    const request = await namespace.request({ parameters: { "Whiteboard.Width": 640 } });

    assert.equal(request.action, "CreateSnapshotTask");
    assert.equal((await namespace.requests()).length, 1);
  }),
);

test(
  "a call that does not fit is told with its difference",
  emulated(async ({ namespace }) => {
    await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);
    const wanted = { action: "CreateSnapshotTask", parameters: { "Whiteboard.Width": 1280 } };

    await assert.rejects(namespace.request(wanted), ({ name, message }) => {
      const [head, blank, nearest, miss, ...more] = message.split("\n");
      assert.equal(name, "NoMatch");
      assert.equal(
        head,
        'no request fits: action=CreateSnapshotTask, parameters={"Whiteboard.Width":1280}',
      );
      assert.equal(blank, "");
      assert.match(nearest, /^nearest: tencent CreateSnapshotTask accepted {.*"Width":640/);
      assert.equal(miss, "    parameters.Whiteboard.Width: expected 1280, got 640");
      assert.deepEqual(more, []);
      return true;
    });
  }),
);

test(
  "a call that should not have come is told",
  emulated(async ({ namespace }) => {
    await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);

    await namespace.assertNoRequest({ action: "DescribeSnapshotTask" });
    await assert.rejects(namespace.assertNoRequest({ vendor: "tencent" }), (error) => {
      assert.ok(error instanceof NoMatch);
      assert.match(error.message, /^1 request fits, expected none: vendor=tencent\n/);
      return true;
    });
  }),
);

test(
  "a wait ends when a call comes",
  emulated(async ({ namespace }) => {
    const waiting = namespace.waitForRequest({ action: "CreateSnapshotTask", timeout_seconds: 30 });

    await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);

    assert.equal((await waiting).verdict, "accepted");
  }),
);

test(
  "a callback is found by its task, and sent again",
  emulated(async ({ namespace, clock, receiver }) => {
    const { TaskID } = await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);
    await clock.advance(60);

    const callback = await namespace.callback({ task: TaskID, state: "delivered" });
    await namespace.resend(callback.id);

    assert.deepEqual(
      receiver.received.map(({ body }) => `${body}`),
      [callback.body, callback.body],
    );
    assert.equal((await namespace.callbacks({ task: TaskID })).length, 1);
  }),
);
