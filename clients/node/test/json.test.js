import assert from "node:assert/strict";
import test from "node:test";

import { emulated } from "mediacloud-emulator";

import { decode, encode } from "../src/json.js";
import { SNAPSHOT, tiwMainland } from "./clients.js";

const LARGE = "18446744073709551615";

test("an integer that a number cannot hold is a BigInt, and is written as it came", () => {
  const text = `{"a":[${LARGE},-${LARGE},9007199254740991,1.5e300],"b":"${LARGE}","c":"\\"${LARGE}"}`;

  const value = decode(text);

  assert.deepEqual(value.a, [BigInt(LARGE), -BigInt(LARGE), 9007199254740991, 1.5e300]);
  assert.equal(value.b, LARGE);
  assert.equal(encode(value).replace("1.5e+300", "1.5e300"), text);
});

test(
  "a room whose number is large is found by it",
  emulated(async ({ namespace }) => {
    await tiwMainland(namespace).request("CreateSnapshotTask", { ...SNAPSHOT, RoomId: 4294967295 });
    const wanted = { parameters: { RoomId: BigInt(LARGE) } };

    await assert.rejects(namespace.request(wanted), ({ message }) => {
      assert.match(message, new RegExp(`RoomId: expected ${LARGE}, got 4294967295`));
      return true;
    });
  }),
);
