import { Agent, request } from "node:http";
import { eq, sql } from "drizzle-orm";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { calendarWatches } from "@/db/schema/watches";
import { outbox } from "@/db/schema/work";
import { systemClock } from "@/lib/platform/clock";
import { tokenHash } from "@/lib/platform/crypto";
import { newId } from "@/lib/platform/ids";
import { createCalendar, createConnection, createPerson, type Person } from "@/tests/support/factories";
import { waitFor } from "../lib/wait";
import type { AppWorld } from "./app-world";

const HOUR_MS = 3_600_000;
const SHARD = 100;

/** One calendar here and at the vendor's stand-in, and the watch by which the vendor tells of it. */
export interface Subject {
  calendarId: string;
  externalId: string;
  account: string;
  accessToken: string;
  person: Person;
  watch: { id: string; secret: string; resourceId: string; messages: number };
}

interface Wish {
  name: string;
  connections: number;
  calendars: number;
  /** Several connections may be one person's. */
  perPerson?: number;
  events?: number;
}

/** What a POST to the stand-in's control answers. */
export async function control(world: AppWorld, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${world.stack.googleOrigin}/sandbox/api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
}

/** Requests the stand-in received of an operation. */
export async function requestsOf(world: AppWorld, operation: string): Promise<number> {
  const response = await fetch(`${world.stack.googleOrigin}/sandbox/api/counters`);
  const { byOperation } = (await response.json()) as { byOperation: Record<string, number> };
  return byOperation[operation] ?? 0;
}

/** Connected accounts on both sides, their calendars read once, each with a watch that was heard. */
export async function connectFleet(world: AppWorld, wish: Wish): Promise<Subject[]> {
  const subjects: Subject[] = [];
  let person: Person | undefined;
  const perPerson = wish.perPerson ?? 1;
  const queue = Array.from({ length: wish.connections }, (_, index) => index).values();
  const people = new Map<number, Promise<Person>>();
  const personOf = (index: number) => {
    const number = Math.floor(index / perPerson);
    const made = people.get(number) ?? createPerson(world.handle.db, { timeZone: "UTC" });
    people.set(number, made);
    return made;
  };
  const worker = async () => {
    for (const index of queue) {
      person = await personOf(index);
      subjects.push(...(await connect(world, wish, person, `${wish.name}-${index}@example.test`)));
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  await readAll(world, subjects);
  return subjects;
}

async function connect(world: AppWorld, wish: Wish, person: Person, account: string): Promise<Subject[]> {
  const { db } = world.handle;
  const now = systemClock().now();
  await control(world, "accounts", { email: account, name: account, timeZone: "UTC" });
  const scopes = ["calendar.events", "calendar.calendarlist.readonly"].map(
    (scope) => `https://www.googleapis.com/auth/${scope}`,
  );
  const tokens = (await control(world, "grant", { account, scopes })) as {
    accessToken: string;
    refreshToken: string;
  };
  const later = new Date(now.getTime() + 5 * HOUR_MS);
  const connectionId = await createConnection(world.services, person, {
    ...tokens,
    accountEmail: account,
    calendarsListedAt: now,
    nextListWatchAt: later,
  });
  const subjects: Subject[] = [];
  for (let index = 0; index < wish.calendars; index += 1) {
    const externalId = index === 0 ? account : await anotherCalendar(world, account, index);
    if (wish.events !== undefined)
      await control(world, "calendar/bulk", { account, calendarId: externalId, count: wish.events });
    // What is seeded here stands for watches made long ago: nobody shall ask for others meanwhile.
    const calendarId = await createCalendar(world.services, connectionId, person, {
      externalId,
      timeZone: "UTC",
      nextWatchAt: later,
    });
    const watch = { id: newId(now), secret: newId(now), resourceId: `resource-${calendarId}`, messages: 1 };
    await db.insert(calendarWatches).values({
      id: watch.id,
      userId: person.userId,
      connectionId,
      calendarId,
      provider: "google",
      resourceId: watch.resourceId,
      secretHash: tokenHash(watch.secret),
      requestedAt: now,
      expiresAt: new Date(now.getTime() + 7 * 24 * HOUR_MS),
      renewAt: new Date(now.getTime() + 5 * 24 * HOUR_MS),
      verifiedAt: now,
      lastMessage: 1,
      nextAttemptAt: later,
    });
    subjects.push({ calendarId, externalId, account, accessToken: tokens.accessToken, person, watch });
  }
  return subjects;
}

async function anotherCalendar(world: AppWorld, account: string, index: number): Promise<string> {
  const made = await control(world, "calendar/calendars/create", { account, summary: `Calendar ${index}` });
  return (made as { id: string }).id;
}

/** The first, full rounds, in the app. */
async function readAll(world: AppWorld, subjects: readonly Subject[]): Promise<void> {
  await handOut(
    world,
    subjects.map(({ calendarId }) => calendarId),
  );
  await waitFor(
    async () => {
      const [row] = await world.handle.db.execute<{ unread: number }>(
        sql`select count(*)::int as unread from calendars where last_synced_at is null`,
      );
      return row?.unread === 0 || undefined;
    },
    { limitMs: 300_000, everyMs: 50, onLimit: () => new Error("the fleet was never read") },
  );
}

/** What the tick does with due calendars: shards, for the app's own job. */
export async function handOut(world: AppWorld, calendarIds: readonly string[]): Promise<void> {
  if (calendarIds.length === 0) return;
  const createdAt = systemClock().now();
  const rows = [];
  for (let at = 0; at < calendarIds.length; at += SHARD) {
    const data = { calendarIds: calendarIds.slice(at, at + SHARD) };
    rows.push({ name: "calendar/shard.due", data, createdAt, nextAttemptAt: createdAt });
  }
  await world.handle.db.insert(outbox).values(rows);
}

/** What was read stays out of the way of the app's own ticks. */
export async function restAfter(world: AppWorld, since: Date): Promise<void> {
  const at = systemClock().now().toISOString();
  await world.handle.db.execute(sql`
    update calendars set next_sync_at = ${at}::timestamptz + interval '14 minutes'
    where last_synced_at >= ${since.toISOString()}::timestamptz
  `);
}

const agent = new Agent({ keepAlive: true });

/** A message of the vendor's, as it sends them. Answers the status and the milliseconds until it came. */
export function notify(origin: string, { watch }: Subject): Promise<{ status: number; ms: number }> {
  watch.messages += 1;
  const headers = {
    "content-type": "application/json; utf-8",
    "content-length": "0",
    "x-goog-channel-id": watch.id,
    "x-goog-channel-token": watch.secret,
    "x-goog-resource-id": watch.resourceId,
    "x-goog-resource-state": "exists",
    "x-goog-message-number": String(watch.messages),
  };
  const began = performance.now();
  return new Promise((done, fail) => {
    const sent = request(`${origin}/api/webhooks/google`, { method: "POST", agent, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => done({ status: answer.statusCode ?? 0, ms: performance.now() - began }));
    });
    sent.on("error", fail).end();
  });
}

export function stopNotifying(): void {
  agent.destroy();
}

/** A change at the vendor's. Its time, a quarter of an hour, is its own among the person's. */
export async function change(world: AppWorld, subject: Subject, slot: number): Promise<Slot> {
  const start = firstSlot() + slot * 900_000;
  const time = (ms: number) => ({ dateTime: new Date(ms).toISOString() });
  await control(world, "calendar/events/create", {
    account: subject.account,
    calendarId: subject.externalId,
    event: { summary: `Change ${slot}`, start: time(start), end: time(start + 900_000) },
  });
  return { from: new Date(start), to: new Date(start + 900_000) };
}

export interface Slot {
  from: Date;
  to: Date;
}

let first: number | undefined;

/** Tomorrow's first quarter of an hour, the same throughout a run. */
function firstSlot(): number {
  first ??= Math.ceil(systemClock().now().getTime() / (24 * HOUR_MS)) * 24 * HOUR_MS;
  return first;
}

/** Rounds that read these calendars since an instant, and the events they brought. */
export async function roundsOf(world: AppWorld, calendarIds: readonly string[], since: Date) {
  const [row] = await world.handle.db.execute<{ rounds: number; imported: number }>(sql`
    select count(*)::int as rounds, coalesce(sum(imported), 0)::int as imported from calendar_sync_logs
    where started_at >= ${since.toISOString()}::timestamptz
      and calendar_id in (select jsonb_array_elements_text(${JSON.stringify(calendarIds)}::jsonb)::uuid)
  `);
  return row ?? { rounds: 0, imported: 0 };
}

/** Whether anything of a calendar still waits to be read. */
export async function isBehind(world: AppWorld, calendarIds: readonly string[]): Promise<boolean> {
  const rows = await world.handle.db
    .select({ id: calendars.id })
    .from(calendars)
    .where(
      sql`${calendars.id} in (select jsonb_array_elements_text(${JSON.stringify(calendarIds)}::jsonb)::uuid)
        and (${calendars.changeSeq} > ${calendars.syncedSeq} or ${calendars.leaseUntil} is not null)`,
    )
    .limit(1);
  return rows.length > 0;
}

export async function storedEvents(world: AppWorld, calendarId: string): Promise<number> {
  return world.handle.db.$count(calendarSyncEvents, eq(calendarSyncEvents.calendarId, calendarId));
}
