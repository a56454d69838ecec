import { systemClock } from "@/lib/platform/clock";
import { Parts } from "../demo/stack";
import { OperatorError } from "../lib/operator-error";
import { freePort } from "../lib/ports";
import { waitFor } from "../lib/wait";
import { type Installation, openInstallation } from "./installation";
import { type Exchange, startRelay } from "./relay";
import { type InngestServer, KEYS, type ServerMode, startInngest } from "./server-process";

export interface ServerReport {
  mode: ServerMode;
  functions: number;
  crons: number;
  /** Milliseconds from asking to the calendar being read, and from a change at the vendor to its being here. */
  readMs: number;
  changeMs: number;
  beats: string[];
  calls: { signed: number; unsigned: number };
  events: number;
  exchanges: Exchange[];
}

/** The whole way once with a real server: register, a wish, a push, a cron. Throws where it does not come true. */
export async function checkServer(
  program: string,
  mode: ServerMode,
  directory: string,
): Promise<ServerReport> {
  const parts = new Parts();
  const exchanges: Exchange[] = [];
  const heard = (exchange: Exchange) => void exchanges.push(exchange);
  const port = await freePort();
  const clock = systemClock();
  try {
    const toServer = await startRelay("app", () => `http://127.0.0.1:${port}`, heard);
    parts.add(() => toServer.close());
    const keys: Record<string, string> =
      mode === "dev"
        ? { INNGEST_DEV: "1" }
        : { INNGEST_SIGNING_KEY: KEYS.signing, INNGEST_EVENT_KEY: KEYS.event };
    const installation = await openInstallation(directory, parts, {
      JOBS: "inngest",
      INNGEST_BASE_URL: toServer.origin,
      ...keys,
    });
    const toApp = await startRelay("server", () => installation.appOrigin, heard);
    parts.add(() => toApp.close());
    const server = await startInngest(program, mode, {
      port,
      directory,
      appUrl: toApp.origin,
      app: "entente",
    });
    parts.add(() => server.service.stop(10_000));
    const registered = await awaitRegistration(server, exchanges);
    const since = (start: Date) => clock.now().getTime() - start.getTime();
    const asked = clock.now();
    await installation.ask();
    await eventually("the calendar was read because a person asked", installation.wasRead);
    const readMs = since(asked);
    await eventually("the vendor's channel was verified", installation.isWatched);
    const changed = clock.now();
    await installation.addEvent("seen by way of the server");
    await eventually("a change at the vendor arrived", () => installation.has("seen by way of the server"));
    const changeMs = since(changed);
    const beats = await awaitCrons(installation);
    return { mode, ...registered, readMs, changeMs, beats, ...count(exchanges), exchanges };
  } finally {
    await parts.stop();
  }
}

/** All functions we have are the functions it knows, crons included. */
async function awaitRegistration(server: InngestServer, exchanges: readonly Exchange[]) {
  const ours = await waitFor(
    () => exchanges.find(({ request }) => request.path.startsWith("/fn/register"))?.request.body,
    { limitMs: 60_000, onLimit: () => new OperatorError("The app did not register.") },
  );
  const sent = JSON.parse(ours) as { functions: { id: string; triggers: { cron?: string }[] }[] };
  const wanted = sent.functions
    .map(({ id, triggers }) => `${id} ${triggers.flatMap(({ cron }) => cron ?? []).join()}`)
    .sort();
  await eventually(`the server knows the ${wanted.length} functions of the app`, async () => {
    const known = (await server.functions()).map(({ slug, crons }) => `${slug} ${crons.join()}`).sort();
    return known.join("\n") === wanted.join("\n");
  });
  return {
    functions: wanted.length,
    crons: sent.functions.filter(({ triggers }) => triggers.some(({ cron }) => cron !== undefined)).length,
  };
}

/** A minute's crons: they are the server's doing alone, since the app runs none of its own. */
async function awaitCrons(installation: Installation): Promise<string[]> {
  await eventually(
    "the schedule ran",
    async () => {
      const beats = new Set(await installation.beats());
      return ["sync-tick", "drain-outbox", "export-pending"].every((job) => beats.has(job));
    },
    150_000,
  );
  return (await installation.beats()).sort();
}

function count(exchanges: readonly Exchange[]) {
  const calls = exchanges.filter(({ from, request }) => from === "server" && request.method === "POST");
  const signed = calls.filter(({ request }) => request.headers["x-inngest-signature"] !== undefined).length;
  const sends = exchanges.filter(({ request }) => request.path.startsWith("/e/"));
  return { calls: { signed, unsigned: calls.length - signed }, events: sends.length };
}

async function eventually(what: string, holds: () => Promise<boolean>, limitMs = 60_000): Promise<void> {
  await waitFor(async () => ((await holds()) ? true : undefined), {
    limitMs,
    everyMs: 50,
    onLimit: () => new OperatorError(`Never came true: ${what}.`),
  });
}
