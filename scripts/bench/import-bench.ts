import { eq, sql } from "drizzle-orm";
import { calendars } from "@/db/schema/calendars";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { syncCalendars } from "@/lib/sync/sync-due";
import { createCalendar, createConnection, createPerson } from "@/tests/support/factories";
import { say } from "../lib/output";
import { openFloor } from "./floor";
import { figures, line, ratio, timed } from "./measure";
import type { BenchWorld } from "./world";

interface Subject {
  email: string;
  accessToken: string;
  calendarId: string;
}

async function subject(world: BenchWorld, name: string, events: number): Promise<Subject> {
  const email = `${name}@example.test`;
  const tokens = await world.account(email);
  await world.act("bulk", { account: email, count: events, days: 90 });
  const person = await createPerson(world.handle.db);
  const connectionId = await createConnection(world.services, person, tokens);
  const calendarId = await createCalendar(world.services, connectionId, person, { externalId: email });
  return { email, accessToken: tokens.accessToken, calendarId };
}

async function sync(world: BenchWorld, { calendarId }: Subject): Promise<void> {
  const outcome = await syncCalendar(world.services, calendarId, "schedule");
  if (outcome.status !== "succeeded") throw new Error(`the sync ended as ${JSON.stringify(outcome)}`);
}

/** Import beside its floor, interleaved, on one database. */
export async function benchImport(world: BenchWorld, events: number, runs: number): Promise<void> {
  const one = await subject(world, `import-${events}`, events);
  const floor = await openFloor(world.databaseUrl);
  const ours: number[] = [];
  const floors: number[] = [];
  for (let run = -1; run < runs; run += 1) {
    await floor.empty();
    const low = await timed(() => floor.import(world.googleOrigin, one.accessToken, one.email));
    await world.forget(one.calendarId);
    const full = await timed(() => sync(world, one));
    if (run < 0) continue;
    floors.push(low);
    ours.push(full);
  }
  await floor.close();
  const goal = events === 10_000 ? "goal ≤ 400" : "";
  say(line(`import ${events} events`, figures(ours), goal));
  say(line(`floor: fetch, parse, one upsert of ${events}`, figures(floors)));
  say(ratio("import / floor (p50)", figures(ours).p50 / figures(floors).p50, "goal ≤ 2.2"));
  if (events === 10_000) await benchReread(world, one, runs);
}

async function benchReread(world: BenchWorld, one: Subject, runs: number): Promise<void> {
  const samples: number[] = [];
  const before = await versions(world, one);
  for (let run = 0; run < runs; run += 1) {
    await world.handle.db
      .update(calendars)
      .set({ cursor: null, cursorVersion: null })
      .where(eq(calendars.id, one.calendarId));
    samples.push(await timed(() => sync(world, one)));
  }
  const written = (await versions(world, one)).filter((version, at) => version !== before[at]).length;
  say(line("full re-read, 10000 unchanged", figures(samples), "goal ≤ 300"));
  say(`${"rows written by it".padEnd(46)}${String(written).padStart(16)}${" ".repeat(20)}    goal 0`);
}

async function versions(world: BenchWorld, { calendarId }: Subject): Promise<string[]> {
  const rows = await world.handle.db.execute<{ version: string }>(sql`
    select xmin::text || ctid::text as version from calendar_sync_events
    where calendar_id = ${calendarId} order by external_id`);
  return rows.map((row) => row.version);
}

/** One calendar with nothing new, however much is stored. */
export async function benchIdle(world: BenchWorld, runs: number): Promise<void> {
  const few = await subject(world, "idle-100", 100);
  const many = await subject(world, "idle-10000", 10_000);
  await sync(world, few);
  await sync(world, many);
  const samples: [number[], number[]] = [[], []];
  for (let run = -20; run < runs; run += 1) {
    const a = await timed(() => sync(world, few));
    const b = await timed(() => sync(world, many));
    if (run >= 0) {
      samples[0].push(a);
      samples[1].push(b);
    }
  }
  const [small, large] = [figures(samples[0]), figures(samples[1])];
  say(line("idle incremental sync, 100 stored", small, "goal ≤ 2"));
  say(line("idle incremental sync, 10000 stored", large, "goal ≤ 2"));
  say(ratio("10000 stored / 100 stored (p50)", large.p50 / small.p50, "goal ≤ 1.5"));
}

/** What a person costs the vendor's budget. */
export async function benchRequests(world: BenchWorld): Promise<void> {
  for (const count of [1, 2, 4, 8]) {
    const email = `budget-${count}@example.test`;
    const tokens = await world.account(email);
    const person = await createPerson(world.handle.db);
    const connectionId = await createConnection(world.services, person, tokens);
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const made = (await world.act("calendars/create", { account: email, summary: `c${index}` })) as {
        id: string;
      };
      ids.push(await createCalendar(world.services, connectionId, person, { externalId: made.id }));
    }
    await syncCalendars(world.services, ids, "schedule");
    world.sent.length = 0;
    await syncCalendars(world.services, ids, "schedule");
    const perSync = world.sent.length / count;
    // 288 intervals a day, one full round more for the daily reconcile, the calendar list once, a token an hour.
    const perDay = count * (288 * perSync + 1) + 1 + 24;
    say(
      `requests, ${count} calendars: ${perSync} per sync, ${perDay} per person and day (budget 1000 by default)`,
    );
  }
}
