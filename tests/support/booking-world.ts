import { eq } from "drizzle-orm";
import { afterAll, beforeAll } from "vitest";
import { bookings, type services as offers } from "@/db/schema/bookings";
import type { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { calendarExportedBookings } from "@/db/schema/exports";
import { mails } from "@/db/schema/mails";
import { users } from "@/db/schema/users";
import { auditLog } from "@/db/schema/work";
import { createBooking } from "@/lib/bookings/create-booking";
import type { Services } from "@/lib/connections/services";
import type { Ctx } from "@/lib/organizations/context";
import { randomToken } from "@/lib/platform/crypto";
import { createServiceRow } from "./booking-factories";
import { createTestDatabase, type TestDatabase } from "./database";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  testClock,
  testServices,
} from "./factories";
import { type ScriptedVendor, scriptedVendor } from "./scripted-vendor";

/** A Monday, 10:00 in Paris. */
export const NOW = new Date("2026-11-23T09:00:00.000Z");
/** The next day, 11:00 in Paris. */
export const SLOT = "2026-11-24T10:00:00.000Z";

export const CLIENT = { name: "Zoé Martin", email: "zoe@example.test", phone: "+33 6 12 34 56 78" };

export interface Provider extends Person {
  ctx(now?: Date): Ctx;
  service: typeof offers.$inferSelect;
  handle: string;
}

export interface BookingWorld {
  database: TestDatabase;
  services: Services;
  vendor: ScriptedVendor;
  provider(service?: Partial<typeof offers.$inferInsert>): Promise<Provider>;
  /** An account whose one calendar is checked, and was read to its end at `syncedThrough`. */
  connect(
    person: Person,
    calendar?: Partial<typeof calendars.$inferInsert>,
    connection?: Parameters<typeof createConnection>[2],
  ): Promise<{ connectionId: string; calendarId: string }>;
  /** The provider's own verb, for the usual slot and client where nothing else is said. */
  book(provider: Provider, more?: Record<string, unknown>): ReturnType<typeof createBooking>;
  /** A provider whose bookings go to one calendar. */
  exporting(): Promise<{ provider: Provider; connectionId: string; calendarId: string }>;
  /** What the exporter leaves behind when it has written a booking's event. */
  written(bookingId: string, externalId: string, at: { start: string; end: string }): Promise<unknown>;
  booking(id: string): Promise<typeof bookings.$inferSelect | undefined>;
  bookingsOf(person: Person): Promise<(typeof bookings.$inferSelect)[]>;
  exportsOf(bookingId: string): Promise<(typeof calendarExportedBookings.$inferSelect)[]>;
  mailsOf(bookingId: string): Promise<(typeof mails.$inferSelect)[]>;
  auditOf(subjectId: string): Promise<string[]>;
}

/** People with services to book, and calendars of a vendor a test scripts. Filled before the first test of a file. */
export function bookingWorld(options: { max?: number } = {}): BookingWorld {
  const world = {} as BookingWorld;
  beforeAll(async () => {
    world.database = await createTestDatabase(options);
    world.vendor = scriptedVendor();
    world.services = testServices(world.database.db, [world.vendor.provider], { clock: testClock(NOW) });
  });
  afterAll(() => world.database?.drop());

  world.provider = async (overrides) => {
    const person = await createPerson(world.database.db, { now: NOW });
    const service = await createServiceRow(world.database.db, person.userId, overrides);
    const [user] = await world.database.db.select().from(users).where(eq(users.id, person.userId));
    return { ...person, ctx: (now = NOW) => person.ctx(now), service, handle: user?.handle ?? "" };
  };
  world.connect = async (person, calendar = {}, connection = {}) => {
    const connectionId = await createConnection(world.services, person, connection);
    const syncedThrough = new Date(NOW.getTime() - 60_000);
    const row = { syncedThrough, lastSyncedAt: syncedThrough, ...calendar };
    const calendarId = await createCalendar(world.services, connectionId, person, row);
    return { connectionId, calendarId };
  };
  world.book = (provider, more = {}) => {
    const serviceId = provider.service.id;
    return createBooking(world.services, provider.ctx(), { serviceId, start: SLOT, client: CLIENT, ...more });
  };
  world.exporting = async () => {
    const provider = await world.provider();
    const { connectionId, calendarId } = await world.connect(provider);
    await world.database.db
      .update(calendarConnections)
      .set({ targetCalendarId: calendarId })
      .where(eq(calendarConnections.id, connectionId));
    return { provider, connectionId, calendarId };
  };
  world.written = (bookingId, externalId, at) =>
    world.database.db
      .update(calendarExportedBookings)
      .set({
        doneSeq: 1,
        externalId,
        contentHash: "c",
        writtenStart: new Date(at.start),
        writtenEnd: new Date(at.end),
      })
      .where(eq(calendarExportedBookings.bookingId, bookingId));
  world.booking = async (id) => (await rows(bookings, eq(bookings.id, id)))[0];
  world.bookingsOf = ({ userId }) => rows(bookings, eq(bookings.userId, userId));
  world.exportsOf = (id) => rows(calendarExportedBookings, eq(calendarExportedBookings.bookingId, id));
  world.mailsOf = (id) => rows(mails, eq(mails.bookingId, id));
  world.auditOf = async (id) =>
    (await rows(auditLog, eq(auditLog.subjectId, id))).map(({ action }) => action);

  type Table = typeof bookings | typeof calendarExportedBookings | typeof mails | typeof auditLog;
  async function rows<T extends Table>(table: T, chosen: ReturnType<typeof eq>) {
    return (await world.database.db
      .select()
      .from(table as Table)
      .where(chosen)) as T["$inferSelect"][];
  }
  return world;
}

/** What a client sends to book a provider's service. */
export function clientForm({ handle, service }: Provider, more: Record<string, unknown> = {}) {
  const requestKey = randomToken();
  return { handle, slug: service.slug, start: SLOT, client: CLIENT, requestKey, ...more };
}

export function minutesAfter(instant: string | Date, minutes: number): string {
  return new Date(new Date(instant).getTime() + minutes * 60_000).toISOString();
}
