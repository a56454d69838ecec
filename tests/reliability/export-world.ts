import { eq, sql } from "drizzle-orm";
import { beforeEach, expect } from "vitest";
import { bookings, type services as offers } from "@/db/schema/bookings";
import { calendarConnections } from "@/db/schema/connections";
import { calendarExportedBookings } from "@/db/schema/exports";
import { withProviderTime } from "@/db/transaction";
import { JOBS } from "@/inngest/jobs";
import { exportBookingAgain } from "@/lib/bookings/export-again";
import { exportStatus } from "@/lib/calendar/export-status";
import { planExports } from "@/lib/connections/plan-exports";
import { exportConnection } from "@/lib/sync/export/export-connection";
import type { ExportTrigger } from "@/lib/sync/export/export-log";
import type { FaultOrder } from "@/sandbox/core/faults";
import type { Sandbox } from "@/sandbox/core/server";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { type VendorWorld, vendorWorld } from "./vendor-world";

const HOUR_MS = 3_600_000;
const SWITCHES = { reviveForbidden: false, spuriousPreconditions: 0, writesPerHour: 10_000, quotaHours: 3 };

/** One of our events as its calendar shows it. */
export interface RemoteEvent {
  id: string;
  summary: string;
  start: string;
  end: string;
  location?: string;
  description?: string;
}

type ExportRow = typeof calendarExportedBookings.$inferSelect;

export interface ExportWorld extends VendorWorld {
  service: typeof offers.$inferSelect;
  /** Books the hour so many hours from now, as a verb would: past every rule, planned under the lock. */
  book(hours: number, change?: Partial<typeof bookings.$inferInsert>): Promise<string>;
  /** A whole minute so many hours from now. */
  inHours(hours: number): Date;
  /** Moves, edits or cancels, and plans. */
  change(bookingId: string, change: Partial<typeof bookings.$inferInsert>): Promise<void>;
  cancel(bookingId: string): Promise<void>;
  /** Books it an hour so many hours from now instead. */
  move(bookingId: string, hours: number): Promise<void>;
  /** What the event's owner does to it at the vendor: `edit`, `delete` and so on. */
  owner: (act: string, body: object) => ReturnType<VendorWorld["google"]["act"]>;
  /** How the API calls the state of its one event. */
  statusOf(bookingId: string): Promise<ReturnType<typeof exportStatus>>;
  /** The job, for this connection alone. */
  job(): ReturnType<(typeof JOBS)["export-pending"]>;
  /** "Export again". */
  again(bookingId: string): Promise<void>;
  drain(trigger?: ExportTrigger): ReturnType<typeof exportConnection>;
  pass(ms: number): void;
  fault(operation: string, kind: FaultOrder["kind"], more?: Partial<FaultOrder>): void;
  /** Our live events in a calendar of the account, by start. */
  events(calendarId?: string): Promise<RemoteEvent[]>;
  rows(bookingId: string): Promise<ExportRow[]>;
  row(bookingId: string): Promise<ExportRow>;
  runs(): Promise<{ trigger: string; status: string; exported: number; error: string | null }[]>;
  /** Requests of this test's account. */
  asked(operation: string): number;
  /** Exactly one event for each confirmed booking, as it should be, and none for others. */
  expectAgreement(calendarId?: string): Promise<void>;
}

/** A person whose bookings are added to their one calendar in Google's stand-in, anew for each test. */
export function exportWorld(): ExportWorld {
  const world = vendorWorld() as ExportWorld;
  beforeEach(async () => {
    for (const [name, value] of Object.entries(SWITCHES)) world.google.set(name, value);
    world.service = await createServiceRow(world.database.db, world.person.userId, { location: "Practice" });
    await world.database.db
      .update(calendarConnections)
      .set({ targetCalendarId: world.calendarId })
      .where(eq(calendarConnections.id, world.connectionId));
  });

  world.inHours = (hours) =>
    new Date(Math.floor(world.clock.now().getTime() / 60_000) * 60_000 + hours * HOUR_MS);
  world.book = async (hours, change = {}) => {
    const startsAt = world.inHours(hours);
    const endsAt = new Date(startsAt.getTime() + HOUR_MS);
    const id = await createBookingRow(world.database.db, world.service, { startsAt, endsAt, ...change });
    await world.change(id, {});
    return id;
  };
  world.change = (id, change) =>
    withProviderTime(world.database.db, world.person.userId, async (tx) => {
      await tx
        .update(bookings)
        .set({ updatedAt: world.clock.now(), ...change })
        .where(eq(bookings.id, id));
      await planExports(
        tx,
        { userId: world.person.userId, bookingIds: [id], touch: true },
        world.clock.now(),
      );
    });
  world.cancel = (id) =>
    world.change(id, { status: "cancelled", cancelledAt: world.clock.now(), cancelledBy: "client" });
  world.move = (id, hours) => {
    const startsAt = world.inHours(hours);
    return world.change(id, { startsAt, endsAt: new Date(startsAt.getTime() + HOUR_MS) });
  };
  world.owner = (act, body) => world.google.act(`events/${act}`, { account: world.account.email, ...body });
  world.statusOf = async (id) => {
    const row = await world.row(id);
    return exportStatus({ ...row, over: false, written: row.writtenStart !== null });
  };
  world.job = () => JOBS["export-pending"](world.services, { connectionId: world.connectionId });
  world.again = async (id) => {
    await exportBookingAgain(world.services, world.person.ctx(world.clock.now()), id);
  };
  world.drain = (trigger = "booking") => exportConnection(world.services, world.connectionId, trigger);
  world.pass = (ms) => {
    world.clock.advance(ms);
    world.google.sandbox.clock.set(world.clock.now());
  };
  world.fault = (operation, kind, more = {}) =>
    void world.google.sandbox.faults.arm({
      operation: `calendar.events.${operation}`,
      kind,
      account: world.account.email,
      ...more,
    });
  world.events = (calendarId) => {
    const { sandbox, origins } = world.google;
    return remoteEvents(sandbox, [...origins.values()][0] ?? "", world.account.email, calendarId);
  };
  world.rows = (id) =>
    world.database.db
      .select()
      .from(calendarExportedBookings)
      .where(eq(calendarExportedBookings.bookingId, id));
  world.row = async (id) => {
    const [row, ...more] = await world.rows(id);
    if (row === undefined || more.length > 0) throw new Error(`${more.length + (row ? 1 : 0)} rows`);
    return row;
  };
  world.runs = async () => [
    ...(await world.database.db.execute<{
      trigger: string;
      status: string;
      exported: number;
      error: string | null;
    }>(sql`
      select trigger, status, exported, error_code as error from calendar_sync_logs
      where connection_id = ${world.connectionId} and kind = 'export' order by seq`)),
  ];
  world.asked = (operation) =>
    world.google.sandbox.ledger.recent({
      operation: (name) => name === `calendar.events.${operation}`,
      account: world.account.email,
      limit: 5_000,
    }).length;
  world.expectAgreement = (calendarId) => expectAgreement(world, calendarId);
  return world;
}

/** Our live events in a calendar, asked for with a token of its own, past every armed fault. */
export async function remoteEvents(
  sandbox: Sandbox,
  origin: string,
  account: string,
  calendarId = account,
): Promise<RemoteEvent[]> {
  const scopes = ["https://www.googleapis.com/auth/calendar"];
  const { token } = sandbox.vault.issueAccess({ account, clientId: "observer", scopes }, false);
  const armed = sandbox.faults.list();
  sandbox.faults.disarm();
  const url = `${origin}/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events?maxResults=2500`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  for (const { id: _id, calls: _calls, struck: _struck, ...order } of armed) sandbox.faults.arm(order);
  const { items } = (await answer.json()) as {
    items: (Omit<RemoteEvent, "start" | "end"> & {
      start: { dateTime: string };
      end: { dateTime: string };
    })[];
  };
  return items
    .filter((item) => item.id.startsWith("ent"))
    .map((item) => ({
      ...item,
      start: new Date(item.start.dateTime).toISOString(),
      end: new Date(item.end.dateTime).toISOString(),
    }))
    .sort((a, b) => a.start.localeCompare(b.start));
}

async function expectAgreement(world: ExportWorld, calendarId?: string): Promise<void> {
  const rows = await world.database.db
    .select()
    .from(bookings)
    .where(eq(bookings.userId, world.person.userId));
  const wanted = rows
    .filter((row) => row.status === "confirmed")
    .map((row) => `${row.startsAt.toISOString()} ${row.endsAt.toISOString()} ${row.clientName}`)
    .sort();
  const there = (await world.events(calendarId))
    .map((event) => `${event.start} ${event.end} ${event.summary.split(" – ")[1]}`)
    .sort();
  expect(there).toEqual(wanted);
}
