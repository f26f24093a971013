/** What a project in TypeScript writes; it is compiled, and not run. */

import test, { type TestContext } from "node:test";

import { emulated, failureReport, start, type Namespace, type Receiver } from "mediacloud-emulator";

async function callsBack(namespace: Namespace, receiver: Receiver): Promise<string[]> {
  receiver.answer({ status: 500, times: 2 });
  receiver.answer((received) => (received.content.EventType ? 200 : undefined));
  receiver.forward((request, response) => response.writeHead(request.url ? 200 : 404).end());
  const { attempts } = await namespace.callback({ state: "delivered" });
  return attempts.map(({ status, problem }) => `${status} ${problem}`);
}

test(
  "a test has a bench, and what its runner hands to it",
  emulated(
    { seed: 7, now: new Date(), scenario: "callback-lost" },
    async (bench, context: TestContext) => {
      const { namespace, clock, receiver } = bench;
      const due: number = await clock.advance(60, { every: 10, run: () => namespace.tasks() });
      context.diagnostic(`${due} ${(await callsBack(namespace, receiver)).join()}`);
      // @ts-expect-error no namespace is in such a state
      await namespace.callbacks({ state: "sent" });
      // @ts-expect-error a clock is moved by a number of seconds
      await clock.advance("60");
    },
  ),
);

const server = await start({ flags: { seed: 7 } });
console.log(await failureReport(server, await server.namespace()));
await server.stop();
