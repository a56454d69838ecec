import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Inngest } from "inngest";
import { serve } from "inngest/edge";
import { WordlessErrors } from "@/inngest/wordless-errors";
import { PROBES, probeFunctions } from "@/tests/inngest/probe";
import { Parts } from "../demo/stack";
import { OperatorError } from "../lib/operator-error";
import { freePort } from "../lib/ports";
import { waitFor } from "../lib/wait";
import { type Exchange, startRelay } from "./relay";
import { KEYS, startInngest } from "./server-process";

/** How a run fails, waits, branches and ends, as `inngest start` and the SDK say it to each other. */
export async function recordProbes(program: string, directory: string): Promise<Exchange[]> {
  const parts = new Parts();
  const exchanges: Exchange[] = [];
  const heard = (exchange: Exchange) => void exchanges.push(exchange);
  const port = await freePort();
  try {
    const toServer = await startRelay("app", () => `http://127.0.0.1:${port}`, heard);
    parts.add(() => toServer.close());
    const log = { done: [] as string[] };
    const client = new Inngest({
      ...{ id: "probe", isDev: false, baseUrl: toServer.origin, middleware: [WordlessErrors] },
      ...{ signingKey: KEYS.signing, eventKey: KEYS.event },
    });
    const app = createServer(getRequestListener(serve({ client, functions: probeFunctions(client, log) })));
    await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
    parts.add(() => new Promise((resolve) => app.close(resolve)));
    const origin = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
    const toApp = await startRelay("server", () => origin, heard);
    parts.add(() => toApp.close());
    const server = await startInngest(program, "start", {
      port,
      directory,
      appUrl: toApp.origin,
      app: "probe",
    });
    parts.add(() => server.service.stop(10_000));
    await until("the probes are registered", async () => (await server.functions()).length > PROBES.length);
    for (const name of PROBES) await client.send({ id: `probe-${name}`, name: `probe/${name}`, data: {} });
    const ends = ["second", "left", "right", "told of the failure", "attempt 1", "gave up"];
    await until("all probes ended", async () => ends.every((end) => log.done.includes(end)));
    await until(
      "the last answers are here",
      async () => exchanges.filter(({ from }) => from === "server").length > 9,
    );
    return exchanges;
  } finally {
    await parts.stop();
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const onLimit = () => new OperatorError(`Never came true: ${what}.`);
  await waitFor(async () => ((await holds()) ? true : undefined), {
    limitMs: 120_000,
    everyMs: 200,
    onLimit,
  });
}
