import assert from "node:assert/strict";
import test from "node:test";

import { emulated } from "mediacloud-emulator";

import { SNAPSHOT, tiwInternational } from "./clients.js";

test(
  "each test has a namespace named after it",
  emulated(async ({ namespace }) => {
    assert.match(namespace.name, /^each-test-has-a-namespace-named-after-it-[0-9a-f]{8}$/);
  }),
);

test(
  "what node:test hands to a test is handed on",
  emulated(async (bench, context) => {
    assert.equal(context.name, "what node:test hands to a test is handed on");
  }),
);

test("a namespace is deleted at the end, also of a failure", async () => {
  let kept;
  const failing = emulated(async ({ namespace }) => {
    kept = namespace;
    throw new Error("broken");
  });

  await assert.rejects(failing(), /^Error: broken\n\n-+ emulator: requests of test-/);
  await assert.rejects(kept.tasks(), { status: 404 });
});

test(
  "a test may delete its namespace itself",
  emulated(({ namespace }) => namespace.delete()),
);

test("the report of a failure tells what came, was refused, was sent and is to come", async () => {
  const failing = emulated({ name: "reported" }, async ({ namespace, clock }) => {
    const call = tiwInternational(namespace);
    await call("CreateSnapshotTask", SNAPSHOT);
    await clock.advance(60);
    await call("CreateSnapshotTask", SNAPSHOT);
    await call("CreateSnapshotTask", { ...SNAPSHOT, Whiteboard: { Width: 2561 } });
  });

  await assert.rejects(failing(), ({ message, stack, code }) => {
    assert.equal(code, "InvalidParameter");
    for (const text of [message, stack]) {
      assert.match(text, /emulator: requests of reported -+\ntencent CreateSnapshotTask accepted/);
      assert.match(text, /refused: InvalidParameter: .*\n {4}Whiteboard\.Width: 2561 is over/);
      assert.match(
        text,
        /tencent SnapshotFinished of .*: delivered\n {4}attempt 1 at .*: answered 200/,
      );
      assert.match(text, /the clock is held at \d\d:\d\d:\d\d\nin .* of tiw\.snapshot/);
    }
    return true;
  });
});

test("a call with a wrong secret is in the report", async () => {
  const failing = emulated(async ({ namespace }) => {
    const keys = namespace.keys.map((key) => ({ ...key, secret: "another" }));
    const other = Object.create(namespace, { keys: { value: keys } });
    await tiwInternational(other)("CreateSnapshotTask", SNAPSHOT);
  });

  await assert.rejects(failing(), /refused: AuthFailure\.SignatureFailure/);
});

test("what is thrown without being an error is reported too", async () => {
  const failing = emulated(async () => {
    throw "a text";
  });

  await assert.rejects(failing(), (error) => {
    assert.match(error.message, /^a text\n\n-+ emulator: requests/);
    assert.equal(error.cause, "a text");
    return true;
  });
});

test("without a body it says what is expected", () => {
  assert.throws(() => emulated({ seed: 7 }), /expected a function/);
});
