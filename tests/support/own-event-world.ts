import { eq } from "drizzle-orm";
import { beforeEach } from "vitest";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import type { calendarExportedBookings } from "@/db/schema/exports";
import { outbox } from "@/db/schema/work";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { RoundItem } from "@/lib/calendar/round-item";
import { createBookingRow, createServiceRow } from "./booking-factories";
import { createExportRow, type ExportPlaceRow, type ExportRow, exportRows, ownEventId } from "./exported";
import { type ImportWorld, importWorld } from "./import-world";
import { at, upsert } from "./scripted-vendor";

/** When the booking is. */
export const TEN = { start: "2026-11-24T10:00:00.000Z", end: "2026-11-24T11:00:00.000Z" };
export const NOON = { start: "2026-11-24T12:00:00.000Z", end: "2026-11-24T13:00:00.000Z" };
/** What its event says. */
export const WORDS = { ...TEN, title: "Appointment: Ada", location: "Lyon" };

export const times = ({ start, end }: typeof TEN) => ({ start: at(start), end: at(end) });
/** An hour of the day on which the tests begin. */
export const when = (hour: number) => new Date(Date.UTC(2026, 10, 23, hour));

export interface OwnEventWorld extends ImportWorld {
  /** Another calendar of the same account; bookings are added to the world's own. */
  other: string;
  bookingId: string;
  /** The id that the booking's event has. */
  externalId: string;
  place(): ExportPlaceRow;
  /** The booking's event was written, as an exporter leaves its row. */
  exported(overrides?: Partial<typeof calendarExportedBookings.$inferInsert>): Promise<string>;
  /** The row of the one event that is exported. */
  known(): Promise<ExportRow>;
  /** The booking's event as the vendor tells of it, changed as a test needs it. */
  ours(more?: Partial<CalendarEvent>): RoundItem;
  /** The calendar's stored events, in order, and whose each is: `dentist foreign`. */
  whose(id?: string): Promise<string[]>;
  /** How often the exporter was told of the connection. */
  nudges(): Promise<number>;
}

/** An import world with a booking that the calendar's owner has, or will have, in their calendar. */
export function ownEventWorld(): OwnEventWorld {
  const world = importWorld() as OwnEventWorld;
  beforeEach(async () => {
    const { services, person, connectionId, calendarId } = world;
    world.other = await world.addCalendar();
    await services.db
      .update(calendarConnections)
      .set({ targetCalendarId: calendarId })
      .where(eq(calendarConnections.id, connectionId));
    const service = await createServiceRow(services.db, person.userId);
    const time = { startsAt: new Date(TEN.start), endsAt: new Date(TEN.end) };
    world.bookingId = await createBookingRow(services.db, service, time);
    world.externalId = ownEventId(services, world.bookingId, `calendar-${calendarId}`);
  });

  world.place = () => {
    const { person, connectionId, calendarId } = world;
    const calendarExternalId = `calendar-${calendarId}`;
    return { userId: person.userId, connectionId, calendarId, calendarExternalId };
  };
  world.exported = (overrides = {}) => {
    const written = { etag: "v1", remoteUpdatedAt: when(1), ...overrides };
    return createExportRow(world.services, world.bookingId, world.place(), WORDS, written);
  };
  world.known = async () => {
    const [row] = await exportRows(world.database.db, world.person.userId);
    if (row === undefined) throw new Error("nothing is exported");
    return row;
  };
  world.ours = (more = {}) =>
    upsert(world.externalId, {
      ...times(TEN),
      title: WORDS.title,
      location: WORDS.location,
      iCalUid: `${world.externalId}@google.com`,
      bookingMarker: world.bookingId,
      etag: "v1",
      updatedAt: when(1),
      ...more,
    });
  world.whose = async (id = world.calendarId) => {
    const rows = await world.database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.calendarId, id));
    const owner = (row: (typeof rows)[number]) => (row.own ? "own" : row.displaced ? "displaced" : "foreign");
    return rows.map((row) => `${row.externalId} ${owner(row)}`).sort();
  };
  world.nudges = async () => {
    const due = eq(outbox.name, "connection/exports.due");
    const rows = await world.database.db.select().from(outbox).where(due);
    const { connectionId } = world;
    return rows.filter(({ data }) => (data as { connectionId: string }).connectionId === connectionId).length;
  };
  return world;
}
