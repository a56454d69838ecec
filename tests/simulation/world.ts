import { and, eq, sql } from "drizzle-orm";
import { calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { spanRange } from "@/lib/calendar/event-time";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { touches } from "@/lib/calendar/window";
import { requestSync } from "@/lib/connections/request-sync";
import type { Services } from "@/lib/connections/services";
import { updateSettings } from "@/lib/connections/settings";
import { findDueCalendars, syncCalendars } from "@/lib/sync/sync-due";
import { createRandom, type Random } from "@/tests/simulation/random";
import type { TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  type TestClock,
  testClock,
  testServices,
} from "@/tests/support/factories";
import type { GoogleBench } from "@/tests/support/google";

const START = new Date("2026-11-23T09:00:00.000Z");
const FAULTS = [
  "internal_error",
  "unavailable",
  "bad_gateway",
  "too_many_requests",
  "rate_limit_exceeded",
  "reset_before",
  "reset_after",
  "truncated_json",
  "html_ok",
  "auth_error",
] as const;

interface SimCalendar {
  id: string;
  externalId: string;
  known: string[];
}

/** One person, two calendars at the vendor, a clock, and everything that may happen to them, drawn from a seed. */
export interface SimWorld {
  random: Random;
  clock: TestClock;
  google: GoogleBench;
  services: Services;
  database: TestDatabase;
  person: Person;
  connectionId: string;
  email: string;
  accessToken: string;
  calendars: SimCalendar[];
  /** What was done, for whoever must understand a failing seed. */
  trace: string[];
}

let worlds = 0;

export async function openWorld(
  database: TestDatabase,
  google: GoogleBench,
  seed: number,
): Promise<SimWorld> {
  worlds += 1;
  google.sandbox.faults.disarm();
  google.sandbox.clock.set(START);
  const clock = testClock(START);
  const random = createRandom(seed);
  const services = testServices(database.db, [google.provider], {
    clock,
    random: () => random.below(1_000) / 1_000,
  });
  const account = google.account(
    `sim-${worlds}@example.test`,
    random.pick(["Europe/Paris", "Asia/Kathmandu", "America/St_Johns"]),
  );
  const person = await createPerson(database.db);
  const connectionId = await createConnection(services, person, account);
  const second = await google.act<{ id: string }>("calendars/create", {
    account: account.email,
    summary: "Second",
  });
  const made: SimCalendar[] = [];
  for (const externalId of [account.email, second.id]) {
    made.push({
      id: await createCalendar(services, connectionId, person, { externalId }),
      externalId,
      known: [],
    });
  }
  const { email, accessToken } = account;
  return {
    random,
    clock,
    google,
    services,
    database,
    person,
    connectionId,
    email,
    accessToken,
    calendars: made,
    trace: [],
  };
}

export async function step(world: SimWorld): Promise<void> {
  const { random } = world;
  const action = random.pick([
    personActs,
    personActs,
    personActs,
    personActs,
    tick,
    tick,
    tick,
    askForSync,
    breakSomething,
    moveClock,
    choose,
    loseCursors,
  ]);
  world.trace.push(action.name);
  await action(world);
}

async function personActs(world: SimWorld): Promise<void> {
  const { random, google, email, clock } = world;
  const calendar = random.pick(world.calendars);
  const place = { account: email, calendarId: calendar.externalId };
  const id = calendar.known[random.below(Math.max(1, calendar.known.length))];
  const when = () => {
    if (random.chance(15)) return dayTimes(random, clock.now());
    const start = clock.now().getTime() + (random.below(100 * 24) - 30) * 3_600_000;
    const iso = (ms: number) => new Date(ms).toISOString();
    return {
      start: { dateTime: iso(start) },
      end: { dateTime: iso(start + (1 + random.below(40)) * 1_800_000) },
    };
  };
  if (id === undefined || random.chance(40)) {
    const times = when();
    const rule = random.pick([
      "RRULE:FREQ=WEEKLY",
      "RRULE:FREQ=DAILY;COUNT=6",
      "RRULE:FREQ=MONTHLY",
      "RRULE:FREQ=WEEKLY;BYDAY=MO,TH",
    ]);
    const event = { summary: "x", ...times, ...(random.chance(30) ? { recurrence: [rule] } : {}) };
    calendar.known.push((await google.act(`events/create`, { ...place, event })).id);
    return;
  }
  const target = random.chance(50) ? await occurrenceOf(world, calendar, id) : id;
  const scope = random.pick(["this", "following", "all"]);
  const act = random.pick(["events/edit", "events/edit", "events/delete"]);
  await tolerate(google.act(act, { ...place, eventId: target, scope, change: when() }));
}

function dayTimes(random: Random, now: Date) {
  const day = (offset: number) => new Date(now.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
  const first = random.below(90);
  return { start: { date: day(first) }, end: { date: day(first + 1 + random.below(3)) } };
}

async function occurrenceOf(world: SimWorld, calendar: SimCalendar, id: string): Promise<string> {
  const range = { start: world.clock.now(), end: new Date(world.clock.now().getTime() + 60 * 86_400_000) };
  const events = await world.google.provider
    .listWindow({ accessToken: freshToken(world) }, { externalId: calendar.externalId, timeZone: UTC }, range)
    .catch(() => []);
  const own = events.filter((event) => event.seriesId === id);
  return own[world.random.below(Math.max(1, own.length))]?.externalId ?? id;
}

/** A person may meet an event that is gone already; everything else is a fault of the simulation. */
async function tolerate(act: Promise<unknown>): Promise<void> {
  await act.catch((error: Error) => {
    if (!/deleted|not ?found|gone|400/i.test(error.message)) throw error;
  });
}

function freshToken(world: SimWorld): string {
  const scopes = ["https://www.googleapis.com/auth/calendar"];
  return world.google.sandbox.vault.issueAccess(
    { account: world.email, clientId: "simulation", scopes },
    false,
  ).token;
}

async function tick(world: SimWorld): Promise<void> {
  const { services, clock, connectionId } = world;
  advance(world, 60_000);
  const due = await findDueCalendars(services.db, clock.now(), connectionId);
  await syncCalendars(services, due, "schedule", { onlyIfDue: true });
}

async function askForSync(world: SimWorld): Promise<void> {
  const { services, person, connectionId, clock, calendars: all } = world;
  await requestSync(services, person.ctx(clock.now()), connectionId).catch(() => undefined);
  await syncCalendars(
    services,
    all.map(({ id }) => id),
    "manual",
  );
}

async function breakSomething(world: SimWorld): Promise<void> {
  const { random, google } = world;
  google.sandbox.faults.arm({
    operation: "calendar.events.list",
    kind: random.pick(FAULTS),
    onCall: 1 + random.below(2),
    count: 1 + random.below(3),
  });
}

async function moveClock(world: SimWorld): Promise<void> {
  advance(world, world.random.pick([1_000, 6 * 60_000, 25 * 3_600_000, 8 * 86_400_000]));
}

function advance(world: SimWorld, ms: number): void {
  world.clock.advance(ms);
  world.google.sandbox.clock.advance(ms);
}

async function choose(world: SimWorld): Promise<void> {
  const { random, services, person, connectionId, clock } = world;
  const { id } = random.pick(world.calendars);
  const body = random.pick([
    { calendars: [{ id, checkForConflicts: random.chance(70) }] },
    { titles: random.pick(["full", "busy_only"]) },
    { tentative: random.pick(["block", "ignore"]) },
  ]);
  await updateSettings(services, person.ctx(clock.now()), connectionId, body);
}

async function loseCursors(world: SimWorld): Promise<void> {
  const { google, email, random } = world;
  await google.act("calendars/invalidate-tokens", {
    account: email,
    when: random.pick(["now", "next_page"]),
  });
}

/** Faults end; the schedule alone must bring everything into order within two cycles of five minutes. */
export async function settle(world: SimWorld): Promise<void> {
  world.google.sandbox.faults.disarm();
  advance(world, 25 * 3_600_000);
  for (let minute = 0; minute < 11; minute += 1) await tick(world);
}

/** Every selected calendar holds exactly what the vendor would tell now, a deselected one nothing; no run hangs. */
export async function disagreements(world: SimWorld): Promise<string[]> {
  const { database, clock, google } = world;
  const found: string[] = [];
  const [connection] = await database.db
    .select()
    .from(calendarConnections)
    .where(eq(calendarConnections.id, world.connectionId));
  if (connection?.reconnectReason !== null)
    found.push(`the connection is dead: ${connection?.reconnectReason}`);
  for (const { id, externalId } of world.calendars) {
    const [row] = await database.db.select().from(calendars).where(eq(calendars.id, id));
    if (row === undefined) {
      found.push(`${externalId} is gone`);
      continue;
    }
    const zone = parseTimeZone(row.timeZone) ?? UTC;
    const window = { start: row.windowStart ?? clock.now(), end: row.windowEnd ?? clock.now() };
    const told = row.selected
      ? await google.provider.listWindow(
          { accessToken: freshToken(world) },
          { externalId, timeZone: zone },
          window,
        )
      : [];
    const want = told
      .map((event) => ({ event, range: spanRange(event, zone) }))
      .filter(({ range }) => touches(window, range))
      .map(({ event, range }) => `${event.externalId} ${range.start.getTime()} ${range.end.getTime()}`);
    const have = await database.db.execute<{ line: string }>(sql`
      select external_id || ' ' || (extract(epoch from starts_at) * 1000)::bigint || ' ' ||
        (extract(epoch from ends_at) * 1000)::bigint as line
      from calendar_sync_events where calendar_id = ${id}`);
    const [missing, extra] = [
      difference(
        want,
        have.map(({ line }) => line),
      ),
      difference(
        have.map(({ line }) => line),
        want,
      ),
    ];
    if (missing.length + extra.length > 0) found.push(`${externalId}: missing ${missing}, too many ${extra}`);
    if (row.leaseUntil !== null) found.push(`${externalId} is still leased`);
  }
  const open = await database.db
    .select()
    .from(calendarSyncLogs)
    .where(
      and(eq(calendarSyncLogs.connectionId, world.connectionId), eq(calendarSyncLogs.status, "running")),
    );
  if (open.length > 0) found.push(`${open.length} runs never ended`);
  return found;
}

function difference(some: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return some.filter((line) => !known.has(line));
}
