import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

import { AdminProblem, emulated, Server, Unreachable } from "mediacloud-emulator";

import { SNAPSHOT, tiwInternational } from "./clients.js";

const LOST = `title = "Lost"\n[[rules]]\nfault = "callback-lost"\n`;

/** Run a function with the path of a file that has a text. */
async function withFile(text, run) {
  const folder = await mkdtemp(join(tmpdir(), "emulator-"));
  const path = join(folder, "lost.toml");
  try {
    await writeFile(path, text);
    return await run(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test(
  "a reset leaves the keys and nothing else",
  emulated(async ({ namespace }) => {
    const call = tiwInternational(namespace);
    await call("CreateSnapshotTask", SNAPSHOT);

    await namespace.reset();

    assert.deepEqual(await namespace.tasks(), []);
    assert.ok((await call("CreateSnapshotTask", SNAPSHOT)).TaskID);
  }),
);

test(
  "a refused call is explained",
  emulated(async ({ namespace }) => {
    const wide = { ...SNAPSHOT, Whiteboard: { Width: 2561 } };
    await assert.rejects(tiwInternational(namespace)("CreateSnapshotTask", wide));
    const { request_id } = await namespace.request({ verdict: "refused" });

    const { sentence, violations } = await namespace.explain(request_id);

    assert.equal(sentence, "Whiteboard.Width: 2561 is over the maximum 2560");
    assert.equal(violations[0].limit, 2560);
  }),
);

test(
  "a task is held, released, finished and failed",
  emulated(async ({ namespace }) => {
    const call = tiwInternational(namespace);
    const ids = [];
    for (const room of [1, 2]) {
      ids.push((await call("CreateSnapshotTask", { ...SNAPSHOT, RoomId: room })).TaskID);
    }

    assert.equal((await namespace.hold(ids[0])).is_held, true);
    assert.equal((await namespace.release(ids[0])).is_held, false);
    assert.equal((await namespace.finish(ids[0])).is_ended, true);
    assert.equal((await namespace.fail(ids[1], { message: "no page" })).is_ended, true);
    assert.deepEqual(
      (await namespace.tasks("tiw.snapshot")).map(({ id }) => id),
      ids,
    );
  }),
);

test(
  "a pace makes tasks end at once",
  emulated(async ({ namespace }) => {
    await namespace.setPace({ mode: "immediate" });

    const { TaskID } = await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);

    assert.equal((await namespace.task(TaskID)).is_ended, true);
  }),
);

test(
  "rules are added, switched and removed",
  emulated(async ({ namespace }) => {
    await namespace.addRules({ fault: "callback-lost", name: "mine" });

    assert.equal((await namespace.switchRule("mine", false)).is_on, false);
    await namespace.removeRule("mine");
    assert.deepEqual(await namespace.rules(), []);
  }),
);

for (const [source, load] of Object.entries({
  "the library": (namespace) => namespace.loadScenario("callback-lost"),
  "a document": (namespace) =>
    namespace.loadScenario({ title: "Lost", rules: [{ fault: "callback-lost" }] }),
  "a file": (namespace) => withFile(LOST, (path) => namespace.loadScenario(path)),
  "a file's URL": (namespace) =>
    withFile(LOST, (path) => namespace.loadScenario(pathToFileURL(path))),
})) {
  test(
    `a scenario of ${source} loses the callback, and nobody asks`,
    emulated(async ({ namespace, clock, receiver }) => {
      await load(namespace);

      await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);
      await clock.advance(120);

      assert.deepEqual(receiver.received, []);
      await assert.rejects(
        namespace.assertGoodConduct(),
        /^Error: 1 finding of conduct:\nnever-asked/,
      );
      await namespace.assertGoodConduct({ except: ["never-asked"] });
    }),
  );
}

test(
  "an unknown rule of conduct is refused with the nearest",
  emulated(async ({ namespace }) => {
    await assert.rejects(namespace.assertGoodConduct({ except: ["never-askd"] }), /never-asked/);
  }),
);

test(
  "an unknown action is refused with the nearest",
  emulated(async ({ namespace }) => {
    const wanted = { action: "CreateSnapshotTak" };

    await assert.rejects(namespace.assertNoRequest(wanted), /did you mean.*CreateSnapshotTask/);
  }),
);

test(
  "a mistake in a scenario file is told with its name",
  emulated(async ({ namespace }) => {
    await withFile(`${LOST}time = 1\n`, async (path) => {
      await assert.rejects(namespace.loadScenario(path), (error) => {
        assert.ok(error instanceof AdminProblem);
        assert.ok(error.detail.startsWith(`${path}: `), error.detail);
        assert.match(error.detail, /rules.*time/);
        return true;
      });
    });
  }),
);

test(
  "a namespace is made with a scenario of the library",
  emulated({ scenario: "callback-lost", seed: 7 }, async ({ namespace }) => {
    assert.equal((await namespace.rules()).length, 1);
    assert.equal(namespace.seed, 7);
  }),
);

test(
  "a namespace is made with a scenario file",
  emulated(async ({ server }) => {
    const namespace = await withFile(LOST, (scenario) => server.create({ scenario }));

    assert.equal((await namespace.rules()).length, 1);
    await namespace.delete();
  }),
);

test(
  "streams, accounts and results are those of the administration",
  emulated(async ({ namespace, clock }) => {
    await namespace.setScene({ streams: [{ place: "live/push.example.com/live/quiet" }] });
    await namespace.setAccounts({ vendor: "alibaba", id: "another" });
    const { TaskID } = await tiwInternational(namespace)("CreateSnapshotTask", SNAPSHOT);
    await clock.advance(60);

    const { results } = await namespace.ask("GET", "/results");
    const picture = await namespace.fetch(
      `${namespace.url}/_emulator/namespaces/${namespace.name}/results/${results[0].path}`,
    );

    assert.ok(TaskID);
    assert.ok(picture.length > 100);
  }),
);

test(
  "a key of a vendor that has none is an error that names those that have",
  emulated(async ({ namespace }) => {
    assert.throws(() => namespace.key("aws"), /no access key at "aws"; there are some at tencent/);
  }),
);

test(
  "a refusal of the administration has its status and detail",
  emulated(async ({ namespace }) => {
    await assert.rejects(namespace.task("none"), (error) => {
      assert.ok(error instanceof AdminProblem);
      assert.equal(error.status, 404);
      assert.match(error.detail, /none/);
      return true;
    });
  }),
);

test("a URL with nobody behind it is an error that names the URL", async () => {
  await assert.rejects(new Server("http://127.0.0.1:1").health(), (error) => {
    assert.ok(error instanceof Unreachable);
    assert.match(error.message, /^no emulator answers at http:\/\/127\.0\.0\.1:1 /);
    return true;
  });
});

test("a text that is no server's URL is refused", () => {
  for (const url of ["127.0.0.1:4588", "ftp://127.0.0.1", "http://127.0.0.1:4588/_emulator"]) {
    assert.throws(() => new Server(url), /expected one like http:\/\/127\.0\.0\.1:4588/);
  }
});
