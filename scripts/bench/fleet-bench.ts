import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { systemClock } from "@/lib/platform/clock";
import { findDueCalendars } from "@/lib/sync/sync-due";
import { say } from "../lib/output";
import { waitFor } from "../lib/wait";
import type { AppWorld } from "./app-world";
import { benchFailures, benchOutage } from "./fleet-faults";
import { cycleFloor } from "./floor-cycle";
import { figures, ratio, single } from "./measure";
import { type Usage, usageOf } from "./usage";
import { connectFleet, control, handOut, requestsOf, restAfter } from "./vendor-world";

const LIST = "calendar.events.list";
const TENFOLD = 10;

/** What one reading of the whole fleet took. */
interface Cycle {
  seconds: number;
  cpu: Record<Part, number>;
  requests: number;
  appMb: number;
}

const PARTS = ["app", "sandbox", "database"] as const;
type Part = (typeof PARTS)[number];

/**
 * So many connections with two calendars each, and nothing new in any of them. The app reads them in its own process
 * and by its own job, as after a tick; only the waiting for the tick is left out.
 */
export async function benchFleet(world: AppWorld, connections: number, cycles: number): Promise<void> {
  // Vendors count per minute; here the hours of a day pass in minutes.
  await control(world, "switches", { "google.quota.perProject": 1e9, "google.quota.perUser": 1e9 });
  const fleet = await connectFleet(world, { name: "fleet", connections, calendars: 2, events: 5 });
  const name = `${connections} connections × 2 calendars`;
  const scale = connections / 1_000;
  const floor = await cycleFloor(world, fleet);
  await readOnce(world);
  const before = await transactions(world);
  const all: Cycle[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) all.push(await readOnce(world));
  const sent = (await transactions(world)) - before;
  const median = (of: (cycle: Cycle) => number) => figures(all.map(of)).p50;
  const app = median(({ cpu }) => cpu.app);
  say(
    single(
      `${name}, one cycle`,
      median(({ seconds }) => seconds),
      "s",
      `≤ ${5 * scale}`,
    ),
  );
  say(single("  the slowest", figures(all.map(({ seconds }) => seconds)).p99, "s"));
  say(single("  its floor: a request and an update each", floor.seconds, "s"));
  say(ratio("  cycle / floor", median(({ seconds }) => seconds) / floor.seconds));
  say(single("  processor time of the app", app, "s"));
  say(ratio("  processor time, app / floor", app / floor.cpuSeconds));
  say(
    single(
      "  processor time of PostgreSQL",
      median(({ cpu }) => cpu.database),
      "s",
    ),
  );
  say(
    single(
      "  processor time of the stand-in",
      median(({ cpu }) => cpu.sandbox),
      "s",
    ),
  );
  say(
    single(
      "  requests",
      median(({ requests }) => requests),
      "",
      String(fleet.length),
    ),
  );
  say(
    single(
      "  statements for each calendar",
      sent / (cycles * fleet.length),
      "",
      "3, and the app’s other work",
    ),
  );
  say(single("  memory of the app after the first cycle", all[0]?.appMb ?? Number.NaN, "MB", "≤ 450"));
  say(single(`  after ${cycles} cycles`, all.at(-1)?.appMb ?? Number.NaN, "MB", "≤ 450"));
  say(
    ratio(
      `  after ${cycles} / after the first`,
      (all.at(-1)?.appMb ?? 0) / (all[0]?.appMb ?? 0),
      "goal ≤ 1.05",
    ),
  );
  await tenfold(world, connections);
  await benchFailures(world, fleet.length);
  await benchOutage(world, fleet.length);
}

/** As many readings as ten times the connections cause, back to back. */
async function tenfold(world: AppWorld, connections: number): Promise<void> {
  const all: Cycle[] = [];
  for (let time = 0; time < TENFOLD; time += 1) all.push(await readOnce(world));
  const sum = (of: (cycle: Cycle) => number) => all.reduce((total, cycle) => total + of(cycle), 0);
  const name = `${connections * TENFOLD} connections, one cycle`;
  const cpu = sum(({ cpu }) => cpu.app);
  say(single(`${name}: processor time of the app`, cpu, "s", "≤ 60"));
  say(single("  with PostgreSQL's", cpu + sum(({ cpu }) => cpu.database), "s"));
  say(
    single(
      "  seconds of the 300 it has",
      sum(({ seconds }) => seconds),
      "s",
      "≤ 300",
    ),
  );
  say(
    single(
      "  requests",
      sum(({ requests }) => requests),
      "",
    ),
  );
}

/** All calendars fall due at once, are found, handed out and read. */
async function readOnce(world: AppWorld): Promise<Cycle> {
  const { db } = world.handle;
  const now = systemClock().now();
  await db.execute(sql`update calendars set next_sync_at = ${now.toISOString()}::timestamptz`);
  const [used, asked] = [usage(world), await requestsOf(world, LIST)];
  const began = performance.now();
  await handOut(world, await findDueCalendars(db, now));
  await untilRead(world, now);
  const seconds = (performance.now() - began) / 1_000;
  await restAfter(world, now);
  const after = usage(world);
  const cpu = { app: 0, sandbox: 0, database: 0 };
  for (const part of PARTS) cpu[part] = after[part].cpuSeconds - used[part].cpuSeconds;
  return { seconds, cpu, requests: (await requestsOf(world, LIST)) - asked, appMb: after.app.rssMb };
}

async function untilRead(world: AppWorld, since: Date): Promise<void> {
  await waitFor(
    async () => {
      const [row] = await world.handle.db.execute<{ unread: boolean }>(sql`
        select exists (
          select from calendars where last_synced_at < ${since.toISOString()}::timestamptz or lease_until is not null
        ) as unread`);
      return row?.unread === false || undefined;
    },
    { limitMs: 300_000, everyMs: 40, onLimit: () => new Error("the fleet was not read in five minutes") },
  );
}

function usage(world: AppWorld): Record<Part, Usage> {
  const unknown = { cpuSeconds: Number.NaN, rssMb: Number.NaN };
  const of = (part: Part) => usageOf(world.stack.pids[part]) ?? unknown;
  return { app: of("app"), sandbox: of("sandbox"), database: of("database") };
}

/** Statements others than this process sent so far: outside of transactions, each is one of its own. */
async function transactions(world: AppWorld): Promise<number> {
  await sleep(2_500); // PostgreSQL counts what a connection did once that rests.
  const [row] = await world.handle.db.execute<{ commits: number }>(
    sql`select xact_commit::float8 as commits from pg_stat_database where datname = current_database()`,
  );
  return (row?.commits ?? Number.NaN) - world.statements.length;
}
