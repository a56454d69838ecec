import { eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import { calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import type { Runtime } from "@/inngest/runtime";
import { disconnect } from "@/lib/connections/disconnect";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { requestSync } from "@/lib/connections/request-sync";
import { updateSettings } from "@/lib/connections/settings";
import type { TestDatabase } from "@/tests/support/database";
import { createConnection, createPerson, type Person } from "@/tests/support/factories";
import type { GoogleBench } from "@/tests/support/google";
import { storedRows, truthOf } from "./vendor-world";

interface Connected {
  person: Person;
  connectionId: string;
  email: string;
  refreshToken: string;
  calendars: { id: string; externalId: string }[];
  left: boolean;
}

export interface BusyLife {
  connected: Connected[];
  /** Runs that somebody was promised. */
  promised: { runId: string; connectionId: string }[];
  /** One thing a person, their vendor or their other device does. */
  step(): Promise<void>;
}

/** A generator of numbers in [0, 1) that a seed decides. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** People who connect, select, change their calendars, ask for syncs and leave, in an order the seed decides. */
export function busyLife(google: GoogleBench, runtime: Runtime, random: () => number): BusyLife {
  const { services } = runtime;
  const life: BusyLife = { connected: [], promised: [], step };
  const below = (limit: number) => Math.floor(random() * limit);
  const some = <T>(list: readonly T[]): T | undefined => list[below(list.length)];
  const now = () => services.clock.now();
  let serial = 0;

  async function connect(): Promise<void> {
    serial += 1;
    const account = google.account(`busy-${serial}@example.test`);
    await google.act("calendars/create", { account: account.email, summary: "Side" });
    await google.act("bulk", { account: account.email, count: 400, days: 80 });
    const person = await createPerson(services.db);
    const connectionId = await createConnection(services, person, {
      ...account,
      accountEmail: account.email,
      subject: `busy-${serial}`,
    });
    await refreshCalendars(services, connectionId);
    const rows = await services.db
      .select({ id: calendars.id, externalId: calendars.externalId })
      .from(calendars)
      .where(eq(calendars.connectionId, connectionId));
    const { email, refreshToken } = account;
    const made = { person, connectionId, email, refreshToken, calendars: rows, left: false };
    await select(made, rows[0]?.id ?? "", true);
    life.connected.push(made);
  }

  async function select(of: Connected, id: string, checkForConflicts: boolean): Promise<void> {
    const body = { calendars: [{ id, checkForConflicts }] };
    await updateSettings(services, of.person.ctx(now()), of.connectionId, body);
  }

  async function changeCalendar(of: Connected): Promise<void> {
    const calendarId = some(of.calendars)?.externalId;
    const start = now().getTime() + (1 + below(80 * 24)) * 3_600_000;
    const iso = (ms: number) => new Date(ms).toISOString();
    const times = { start: { dateTime: iso(start) }, end: { dateTime: iso(start + 1_800_000) } };
    const { id } = await google.act("events/create", {
      account: of.email,
      calendarId,
      event: {
        summary: "Change",
        ...times,
        ...(below(4) === 0 && { recurrence: ["RRULE:FREQ=WEEKLY;COUNT=6"] }),
      },
    });
    if (below(3) === 0) await google.act("events/delete", { account: of.email, calendarId, eventId: id });
  }

  async function step(): Promise<void> {
    const living = life.connected.filter(({ left }) => !left);
    const one = some(living);
    const what = below(20);
    if (one === undefined || living.length < 4 || (what === 0 && life.connected.length < 16))
      return connect();
    if (what <= 7) return changeCalendar(one);
    if (what <= 13) {
      const ctx = one.person.ctx(now());
      const { connectionId } = one;
      const { runIds } = await requestSync(services, ctx, connectionId);
      life.promised.push(...runIds.map((runId) => ({ runId, connectionId })));
    } else if (what <= 16) {
      await select(one, some(one.calendars)?.id ?? "", below(3) > 0);
    } else if (what === 17) {
      google.sandbox.vault.expireAccess(one.email);
    } else if (what === 18) {
      await google.act("calendars/invalidate-tokens", { account: one.email });
    } else if (living.length > 4) {
      one.left = true;
      await disconnect(services, one.person.ctx(now()), one.connectionId);
    }
  }

  return life;
}

/** Five minutes pass for everything that waits for a time: leases of the dead lapse, schedules come due. */
export async function fiveMinutesPass(database: TestDatabase): Promise<void> {
  const back = sql.raw("interval '5 minutes'");
  await database.db.execute(sql`update calendars set lease_until = lease_until - ${back},
    next_sync_at = next_sync_at - ${back}, backoff_until = backoff_until - ${back}`);
  await database.db.execute(sql`update oauth_tokens set refresh_lease_until = refresh_lease_until - ${back}`);
  await database.db.execute(sql`update outbox set next_attempt_at = next_attempt_at - ${back}`);
  await database.db.execute(sql`update disconnections set next_attempt_at = next_attempt_at - ${back}`);
}

/** What is still to be done, in words; empty when all work has come to rest. */
export async function unfinished({ db }: TestDatabase): Promise<string[]> {
  const rows = await db.execute<{ what: string; count: number }>(sql`
    select 'open runs' as what, count(*)::int from calendar_sync_logs where status = 'running'
    union all select 'outbox rows', count(*)::int from outbox
    union all select 'unread requests', count(*)::int from calendars where selected and change_seq > synced_seq
    union all select 'due calendars', count(*)::int from calendars c join calendar_connections k on k.id = c.connection_id
      where c.selected and k.disconnecting_at is null and c.next_sync_at <= clock_timestamp()
    union all select 'leases', count(*)::int from calendars where lease_until is not null
    union all select 'refreshes', count(*)::int from oauth_tokens where refresh_lease_until > clock_timestamp()
    union all select 'leaving connections', count(*)::int from calendar_connections where disconnecting_at is not null`);
  return rows.filter(({ count }) => count > 0).map(({ what, count }) => `${count} ${what}`);
}

/** Everything that must hold when all work has come to rest. */
export async function expectNothingLost(
  life: BusyLife,
  google: GoogleBench,
  database: TestDatabase,
): Promise<void> {
  expect(await unfinished(database)).toEqual([]);
  for (const one of life.connected)
    await (one.left ? expectGone(one, google, database) : expectAgreement(one, google, database));
  const runs = await database.db
    .select({
      id: calendarSyncLogs.id,
      status: calendarSyncLogs.status,
      finishedAt: calendarSyncLogs.finishedAt,
    })
    .from(calendarSyncLogs);
  expect(runs.filter(({ finishedAt }) => finishedAt === null)).toEqual([]);
  expect(runs.filter(({ status }) => status === "failed")).toEqual([]);
  const left = new Set(life.connected.filter((one) => one.left).map(({ connectionId }) => connectionId));
  expect(life.promised.length).toBeGreaterThan(0);
  const known = new Set(runs.map(({ id }) => id));
  // A ledger goes with its connection; every other promise is still there, and was kept.
  expect(
    life.promised.filter(({ runId, connectionId }) => !left.has(connectionId) && !known.has(runId)),
  ).toEqual([]);
}

async function expectAgreement(one: Connected, google: GoogleBench, database: TestDatabase): Promise<void> {
  const [row] = await database.db
    .select({ reason: calendarConnections.reconnectReason })
    .from(calendarConnections)
    .where(eq(calendarConnections.id, one.connectionId));
  expect(row).toEqual({ reason: null });
  const rows = await database.db.select().from(calendars).where(eq(calendars.connectionId, one.connectionId));
  for (const { id, externalId, selected } of rows) {
    const truth = selected ? await truthOf(google, one.email, new Date(), externalId) : [];
    expect(await storedRows(database, id), `${one.email} ${externalId}`).toEqual(truth);
  }
}

async function expectGone(one: Connected, google: GoogleBench, { db }: TestDatabase): Promise<void> {
  const { connectionId, person, refreshToken } = one;
  const [left] = await db.execute<Record<string, number>>(sql`select
    (select count(*)::int from calendar_connections where id = ${connectionId}) as connections,
    (select count(*)::int from calendars where connection_id = ${connectionId}) as calendars,
    (select count(*)::int from oauth_tokens where connection_id = ${connectionId}) as tokens,
    (select count(*)::int from disconnections where connection_id = ${connectionId}) as disconnections,
    (select count(*)::int from calendar_sync_events where user_id = ${person.userId}) as events`);
  expect(left).toEqual({ connections: 0, calendars: 0, tokens: 0, disconnections: 0, events: 0 });
  expect(google.sandbox.vault.refresh(refreshToken)).toBeUndefined();
}
