import { JOBS, type JobName, type JobResult, WHOLE_INSTALLATION } from "@/inngest/jobs";
import { performOutbox } from "@/inngest/perform-outbox";
import type { Runtime } from "@/inngest/runtime";
import { fixedClock } from "@/lib/platform/clock";
import { instantField } from "@/lib/platform/instant-field";
import { returnToPresent } from "@/lib/sync/return-to-present";
import { OperatorError } from "../lib/operator-error";
import { type Command, optional } from "./command";
import { connectionsFor } from "./connections";
import { describeRuns, type LedgerRun, runsOf } from "./ledger";

const NAMES = Object.keys(JOBS) as JobName[];

export const job: Command = {
  name: "job",
  usage: "NAME [--now INSTANT] [--integration ID] [--wait]",
  summary: `Runs one scheduled job once, as if it were that instant: ${NAMES.join(", ")}. With --wait, and all it caused.`,
  options: { now: { type: "string" }, integration: { type: "string" }, wait: { type: "boolean" } },
  arguments: 1,
  async run(place, values, [word]) {
    const name = nameOf(word);
    const runtime = await place.runtime();
    const now = instantOf(optional(values, "now"), runtime);
    const connectionId = await connectionOf(name, optional(values, "integration"), runtime);
    const { counts, runs } = await runJob(runtime, name, { now, connectionId, wait: values.wait === true });
    const failed = Number(counts.failed ?? 0) > 0 || runs.some((run) => run.status === "failed");
    return {
      json: { job: name, now: now?.toISOString() ?? null, counts, runs },
      text: [`${name}: ${inWords(counts)}`, ...(runs.length === 0 ? [] : [describeRuns(runs)])].join("\n"),
      failed,
    };
  },
};

interface Order {
  now: Date | null;
  connectionId: string | undefined;
  wait: boolean;
}

/** The clock stands still during a job with a given instant; what it wrote for that time is brought back after it. */
async function runJob(
  runtime: Runtime,
  name: JobName,
  { now, connectionId, wait }: Order,
): Promise<{ counts: JobResult; runs: LedgerRun[] }> {
  const { db, clock } = runtime.services;
  const services = now === null ? runtime.services : { ...runtime.services, clock: fixedClock(now) };
  const since = clock.now();
  try {
    const counts: JobResult = await JOBS[name](services, { connectionId });
    const runs = await runsOf(db, now === null ? { since } : { at: now }, connectionId);
    if (wait) await settle(services);
    return { counts, runs };
  } finally {
    if (now !== null) await returnToPresent(db, clock.now());
  }
}

/** Works off what the job left in the outbox (lists of calendars to be read again), and what that left in turn. */
async function settle(services: Runtime["services"]): Promise<void> {
  for (let rounds = 0; rounds < 10; rounds += 1) {
    if ((await performOutbox(services)).nudges === 0) return;
  }
}

function nameOf(word: string | undefined): JobName {
  const name = NAMES.find((candidate) => candidate === word);
  if (name !== undefined) return name;
  const said = word === undefined ? "Which job?" : `There is no job "${word}".`;
  throw new OperatorError(`${said} One of: ${NAMES.join(", ")}.`);
}

async function connectionOf(
  name: JobName,
  id: string | undefined,
  { services }: Runtime,
): Promise<string | undefined> {
  if (id === undefined) return undefined;
  if (WHOLE_INSTALLATION.has(name)) throw new OperatorError(`${name} takes no --integration.`);
  const [found] = await connectionsFor(services.db, id);
  return found?.id;
}

function instantOf(text: string | undefined, { env }: Runtime): Date | null {
  if (text === undefined) return null;
  if (!env.loopback) {
    throw new OperatorError(
      "--now is accepted only while APP_URL is on loopback: it would run real people's jobs at a wrong time.",
    );
  }
  if (!instantField.safeParse(text).success) {
    throw new OperatorError(`--now takes an instant like 2026-12-01T09:00:00Z, not ${text}.`);
  }
  return new Date(text);
}

function inWords(counts: JobResult): string {
  return Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(", ");
}
