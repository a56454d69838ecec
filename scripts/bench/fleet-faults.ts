import { sql } from "drizzle-orm";
import { systemClock } from "@/lib/platform/clock";
import { findDueCalendars } from "@/lib/sync/sync-due";
import { say } from "../lib/output";
import { waitFor } from "../lib/wait";
import type { AppWorld } from "./app-world";
import { single } from "./measure";
import { control, handOut, requestsOf, restAfter } from "./vendor-world";

const LIST = "calendar.events.list";
const SEED = 20_261_126;
const OUTAGE_MINUTES = 30;
const PATIENCE_MINUTES = 30;

/** A fifth of all requests fail, half of them asking to come later. How many more requests, and how long, until all is read? */
export async function benchFailures(world: AppWorld, calendars: number): Promise<void> {
  const since = await allDue(world);
  await arm(world, "unavailable", 11);
  await arm(world, "too_many_requests", 10);
  const began = performance.now();
  const asked = await requestsOf(world, LIST);
  const minutes = await untilRecovered(world, since);
  const seconds = (performance.now() - began) / 1_000;
  await disarm(world);
  const extra = ((await requestsOf(world, LIST)) - asked) / calendars - 1;
  say(single("a fifth of requests fails: extra requests", 100 * extra, "%", "≤ 40 (25 is the least)"));
  say(single("  all read after, by the schedule's clock", minutes, "min", "≤ 10"));
  say(single("  in real time, without waiting for ticks", seconds, "s"));
}

/** Nothing answers for half an hour; then everything does. */
export async function benchOutage(world: AppWorld, calendars: number): Promise<void> {
  const since = await allDue(world);
  await arm(world, "unavailable", 100);
  const before = await requestsOf(world, LIST);
  for (let minute = 0; minute < OUTAGE_MINUTES; minute += 1) await oneMinute(world, since);
  const during = (await requestsOf(world, LIST)) - before;
  await disarm(world);
  await fetch(`${world.stack.googleOrigin}/sandbox/api/requests`, { method: "DELETE" });
  const minutes = await untilRecovered(world, since);
  const after = await requestsOf(world, LIST);
  const usual = (calendars * OUTAGE_MINUTES) / 5;
  say(
    single(
      `an outage of ${OUTAGE_MINUTES} min: requests during it`,
      during,
      "",
      `≤ ${3 * usual}, thrice as many as without`,
    ),
  );
  say(single("  requests until all are read after it", after, "", `${calendars}`));
  say(single("  all read after, by the schedule's clock", minutes, "min", "≤ 5"));
  say(
    single(
      "  most requests in one minute after it",
      await mostWithin(world, 60),
      "",
      "≤ 8000 of Google's 10,000",
    ),
  );
  say(single("  in one second", await mostWithin(world, 1), ""));
}

/** Minutes of the schedule until everything was read since an instant. */
async function untilRecovered(world: AppWorld, since: Date): Promise<number> {
  for (let minute = 0; minute < PATIENCE_MINUTES; minute += 1) {
    if ((await oneMinute(world, since)) === 0) return minute;
  }
  throw new Error("not everything was read again");
}

/** A tick: what is due is read, and a minute passes for the rest. Answers how many were not read yet. */
async function oneMinute(world: AppWorld, since: Date): Promise<number> {
  const { db } = world.handle;
  const now = systemClock().now();
  const due = await findDueCalendars(db, now);
  await handOut(world, due);
  await untilTried(world, due, now);
  await restAfter(world, since);
  const at = since.toISOString();
  const left = await db.execute(sql`
    update calendars
    set next_sync_at = next_sync_at - interval '1 minute', backoff_until = backoff_until - interval '1 minute',
      last_error_at = last_error_at - interval '1 minute'
    where last_synced_at < ${at}::timestamptz returning id
  `);
  return left.length;
}

async function untilTried(world: AppWorld, ids: readonly string[], since: Date): Promise<void> {
  const at = since.toISOString();
  await waitFor(
    async () => {
      const [row] = await world.handle.db.execute<{ open: boolean }>(sql`
        select exists (
          select from calendars
          where id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)
            and (lease_until is not null
              or coalesce(greatest(last_synced_at, last_error_at), '-infinity') < ${at}::timestamptz)
        ) as open`);
      return row?.open === false || undefined;
    },
    { limitMs: 120_000, everyMs: 40, onLimit: () => new Error("some calendars were not even tried") },
  );
}

async function allDue(world: AppWorld): Promise<Date> {
  const now = systemClock().now();
  await world.handle.db.execute(sql`update calendars set next_sync_at = ${now.toISOString()}::timestamptz`);
  return now;
}

const arm = (world: AppWorld, kind: string, percentage: number) =>
  control(world, "faults", { operation: LIST, kind, count: 0, percentage, seed: SEED });

async function disarm(world: AppWorld): Promise<void> {
  await fetch(`${world.stack.googleOrigin}/sandbox/api/faults`, { method: "DELETE" });
}

/** The most readings that began within one stretch of so many seconds, as the stand-in saw them. */
async function mostWithin(world: AppWorld, seconds: number): Promise<number> {
  const answer = await fetch(`${world.stack.googleOrigin}/sandbox/api/requests?operation=${LIST}&limit=5000`);
  const { requests } = (await answer.json()) as { requests: { at: number }[] };
  const stretches = new Map<number, number>();
  for (const { at } of requests) {
    const stretch = Math.floor(at / (1_000 * seconds));
    stretches.set(stretch, (stretches.get(stretch) ?? 0) + 1);
  }
  return Math.max(0, ...stretches.values());
}
