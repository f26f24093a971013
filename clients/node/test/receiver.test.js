import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";

import { emulated } from "mediacloud-emulator";

import { SNAPSHOT, tiwInternational } from "./clients.js";

/** Have one callback sent. */
async function callBack({ namespace, clock }) {
  await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);
  await clock.advance(60);
}

test(
  "a callback is kept with path, headers and content",
  emulated(async (bench) => {
    await callBack(bench);

    const [received] = bench.receiver.received;
    assert.equal(received, bench.receiver.last);
    assert.equal(received.method, "POST");
    assert.equal(received.path, "");
    assert.match(received.headers["content-type"], /json/);
    assert.ok(received.content.EventData);
  }),
);

test(
  "without a callback the last one is an error that says so",
  emulated(async ({ receiver }) => {
    assert.throws(() => receiver.last, { message: `no callback came to ${receiver.url}` });
  }),
);

test(
  "callbacks that are answered 500 are sent again",
  emulated(async (bench) => {
    bench.receiver.answer({ status: 500, times: 2 });

    await callBack(bench);
    await bench.clock.advance(600);

    const { attempts } = await bench.namespace.callback({ state: "delivered" });
    assert.deepEqual(
      attempts.map(({ status }) => status),
      [500, 500, 200],
    );
    assert.equal(bench.receiver.take().length, 3);
    assert.deepEqual(bench.receiver.received, []);
  }),
);

test(
  "a function decides the status",
  emulated(async (bench) => {
    bench.receiver.answer((received) => (received.content.EventData ? 204 : undefined));

    await callBack(bench);

    assert.equal((await bench.namespace.callback()).attempts[0].status, 204);
  }),
);

test(
  "an http listener gets the whole request, at its own root",
  emulated(async (bench) => {
    const seen = [];
    bench.receiver.forward(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      seen.push([request.method, request.url, JSON.parse(body).EventType]);
      response.writeHead(200, { "x-from": "application" }).end("ok");
    });

    await callBack(bench);

    assert.deepEqual(seen, [["POST", "/", bench.receiver.last.content.EventType]]);
    assert.equal((await bench.namespace.callback()).state, "delivered");
  }),
);

test(
  "what an application throws is answered 500",
  emulated(async (bench) => {
    const said = [];
    const { error } = console;
    console.error = (...words) => said.push(words.join(" "));
    try {
      bench.receiver.answer(() => {
        throw new Error("no database");
      });
      await callBack(bench);
    } finally {
      console.error = error;
    }

    assert.equal((await bench.namespace.callback()).attempts[0].status, 500);
    assert.match(said.join("\n"), /no database/);
  }),
);

test(
  "a wait ends when so many callbacks came",
  emulated({ clock: "real" }, async ({ receiver }) => {
    const waiting = receiver.wait({ at_least: 2, timeout_seconds: 30 });

    for (const body of ["1", "2"]) await post(`${receiver.url}/below?a=b`, body);

    assert.deepEqual(
      (await waiting).map(({ path, content }) => [path, content]),
      [
        ["below?a=b", 1],
        ["below?a=b", 2],
      ],
    );
  }),
);

test(
  "a wait beside a held clock says what the clock keeps back",
  emulated(async ({ namespace, receiver }) => {
    const { TaskID } = await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);

    await assert.rejects(receiver.wait({ timeout_seconds: 0.01 }), ({ message }) => {
      assert.match(message, /expected 1\nthe clock is held: advance it; in .* of tiw\.snapshot/);
      assert.ok(message.endsWith(TaskID));
      return true;
    });
  }),
);

test(
  "a wait that ends in vain says how many came",
  emulated(async ({ receiver }) => {
    await assert.rejects(receiver.wait({ timeout_seconds: 0.01 }), {
      message: `0 callbacks came to ${receiver.url} in 0.01 s, expected 1`,
    });
  }),
);

function post(url, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: "POST", agent: false }, (response) => {
      response.resume().on("end", resolve);
    });
    request.on("error", reject).end(body);
  });
}
