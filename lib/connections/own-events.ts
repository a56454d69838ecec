import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { type EchoContext, indexExports, recognizeEcho } from "@/lib/calendar/echo";
import { type OwnEcho, type OwnFacts, type Standing, standingOf } from "@/lib/calendar/own-event";
import type { TimeRange } from "@/lib/calendar/time-range";
import { echoContext } from "@/lib/connections/echo-context";
import { listed, loadRows, ms, type OwnRow, rowsById } from "@/lib/connections/own-rows";
import type { Vendor } from "@/lib/providers/calendar-provider";

/** Where events are met. */
export interface OwnPlace {
  userId: string;
  /** This installation's own address, part of every id we give. */
  installation: string;
  provider: Vendor;
  calendarId: string;
  calendarExternalId: string;
}

/** What could be ours in a page: its events, and bare ids of what went away or became a series. */
export interface Met {
  events: readonly CalendarEvent[];
  ids?: readonly string[];
  /** Mirrors are looked for among bookings that end after this. */
  since: Date;
  /** All that shall be in this calendar comes along, met or not. */
  wanted?: boolean;
}

interface Recognized {
  by: OwnEcho["by"];
  /** Null where only the booking is left of it. */
  row: OwnRow | null;
  facts: OwnFacts | null;
}

/** Which events of a page are ours, and whose time they take. */
export interface OwnEvents {
  readonly rows: readonly OwnRow[];
  recognize(event: CalendarEvent): Recognized | null;
  standing(event: CalendarEvent, range: TimeRange): Standing;
}

/**
 * Loads what a page needs to tell our own events from others: one statement, whatever we have exported so far, and
 * none for a page without events. Only where a marker names an event we have no row of, its booking is asked for.
 */
export async function loadOwnEvents(db: Db, place: OwnPlace, met: Met): Promise<OwnEvents> {
  const size = met.events.length + (met.ids?.length ?? 0);
  if (size === 0 && met.wanted !== true) return ownEvents(place, [], null, new Map());
  const marked = met.events.filter((event) => event.bookingMarker !== null);
  const chosen = size > MANY ? amongAhead(place, met, marked) : byName(place, met);
  const rows = await loadRows(db, chosen, place.calendarId);
  const known = new Set(rows.map((row) => row.externalId));
  const unknown = marked.filter(({ externalId }) => !known.has(externalId));
  if (unknown.length === 0) return ownEvents(place, rows, null, new Map());
  const context = await echoContext(db, place, unknown);
  return ownEvents(place, rows, context, await bookingsOf(db, place.userId, unknown, context));
}

/** A page of more than this is cheaper compared with all that is ahead than looked up name by name. */
const MANY = 200;

/** Of bookings long over, our marker alone finds the event: without it, it is its owner's. */
function amongAhead(place: OwnPlace, met: Met, marked: readonly CalendarEvent[]): SQL {
  const ids = marked.map((event) => event.externalId);
  return ids.length === 0 ? ahead(place, met) : sql`${ahead(place, met)} union ${withIds(place, ids)}`;
}

function byName(place: OwnPlace, met: Met): SQL {
  const ids = new Set(met.ids);
  for (const { externalId, seriesId } of met.events) {
    ids.add(externalId);
    if (seriesId !== null) ids.add(seriesId);
  }
  const uids = [...new Set(met.events.flatMap(({ iCalUid }) => iCalUid ?? []))];
  const arms = [withIds(place, [...ids])];
  if (uids.length > 0) arms.push(sql`${ahead(place, met)} and x.ical_uid in (${listed(uids)})`);
  if (met.wanted === true) {
    arms.push(sql`${ahead(place, met)} and x.calendar_id = ${place.calendarId} and x.desired = 'present'`);
  }
  return sql.join(arms, sql` union `);
}

function withIds(place: OwnPlace, ids: readonly string[]): SQL {
  return sql`select x.id from calendar_exported_bookings x
    where x.user_id = ${place.userId} and x.external_id in (${listed(ids)})`;
}

function ahead(place: OwnPlace, met: Met): SQL {
  return sql`select x.id from bookings b join calendar_exported_bookings x on x.booking_id = b.id
    where b.user_id = ${place.userId} and b.ends_at > ${met.since.toISOString()}::timestamptz`;
}

/** Bookings whose event is there though its row is lost. */
async function bookingsOf(
  db: Db,
  userId: string,
  marked: readonly CalendarEvent[],
  { expectedFor }: EchoContext,
): Promise<Map<string, OwnFacts>> {
  const ids = marked.flatMap(({ bookingMarker, externalId }) => {
    const expected = bookingMarker === null ? null : expectedFor(bookingMarker);
    return expected?.externalId === externalId ? [expected.bookingId] : [];
  });
  if (ids.length === 0) return new Map();
  const rows = await db.execute<{ id: string; confirmed: boolean; start: string; end: string }>(sql`
    select b.id, b.status = 'confirmed' as confirmed, ${ms("b.starts_at")} as start, ${ms("b.ends_at")} as end
    from bookings b
    where b.user_id = ${userId} and b.id in (select value::uuid from (${listed(ids)}) as l (value))
  `);
  return new Map(
    rows.map((row) => {
      const booked = { start: new Date(Number(row.start)), end: new Date(Number(row.end)) };
      return [row.id, { ...UNWRITTEN, confirmed: row.confirmed, booked }];
    }),
  );
}

const UNWRITTEN = {
  desired: "present",
  written: null,
  shapeHash: null,
  etag: null,
  updatedAt: null,
  remoteState: "in_place",
  remote: null,
  verify: false,
  open: true,
  inFlight: false,
  stands: false,
} as const;

function ownEvents(
  place: OwnPlace,
  rows: readonly OwnRow[],
  context: EchoContext | null,
  bookings: ReadonlyMap<string, OwnFacts>,
): OwnEvents {
  const index = indexExports(rows);
  const where = context ?? { ...place, expectedFor: () => null };
  const byId = rowsById(rows, place.provider);
  const recognize = (event: CalendarEvent): Recognized | null => {
    if (rows.length === 0 && bookings.size === 0) return null;
    const echo = recognizeEcho(event, index, where);
    if (!echo.own) return null;
    if (echo.by === "rebuilt") return { by: echo.by, row: null, facts: bookings.get(echo.bookingId) ?? null };
    const named = echo.by === "mirror" ? [] : (byId.get(event.externalId) ?? []);
    const row = named.find((one) => one.calendarExternalId === place.calendarExternalId) ?? named[0] ?? null;
    return { by: echo.by, row, facts: row };
  };
  return {
    rows,
    recognize,
    standing: (event, range) => {
      const found = recognize(event);
      return found === null ? "foreign" : standingOf(event, range, found.by, found.facts);
    },
  };
}
