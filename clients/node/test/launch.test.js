import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import test from "node:test";

import { LaunchError, start, Unreachable } from "mediacloud-emulator";

const PACKAGE = new URL("../src/index.js", import.meta.url).href;

test("a server is started with flags, and stopped", async () => {
  const server = await start({ flags: { seed: 7 } });

  assert.equal((await server.health()).seed, 7);
  await server.stop();
  await assert.rejects(server.health(), Unreachable);
});

test("a server with a token is asked with it", async () => {
  const server = await start({ flags: { "admin-token": "of-this-test" } });
  try {
    assert.equal((await server.namespace()).name, "default");
  } finally {
    await server.stop();
  }
});

test("a flag that the server refuses is told with what the server said", async () => {
  await assert.rejects(start({ flags: { seed: "often" } }), (error) => {
    assert.ok(error instanceof LaunchError);
    assert.match(error.message, /often/);
    return true;
  });
});

test("a command that is not there is told", async () => {
  await assert.rejects(start({ command: ["no-such-emulator"] }), /install the package.*\n.*ENOENT/);
});

test("a program that starts a server ends by itself, and the server with it", async () => {
  const program = `
    import { start } from ${JSON.stringify(PACKAGE)};
    const server = await start();
    console.log(server.url, (await server.health()).status, server.child.pid);
  `;

  const { stdout } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    program,
  ]);

  const [, status, pid] = stdout.trim().split(" ");
  assert.equal(status, "ok");
  await ended(Number(pid));
});

/** Return once a process has ended; the test's own time-out is for one that does not. */
async function ended(pid) {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
