import { and, asc, desc, eq, gt, inArray, lt, lte, type SQL, sql } from "drizzle-orm";
import { bookings, services } from "@/db/schema/bookings";
import { calendarExportedBookings } from "@/db/schema/exports";
import { type BookingView, viewBooking } from "@/lib/bookings/booking-view";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { decodePosition, type Page, type PageRequest, toPage } from "@/lib/platform/page";

export interface BookingFilter {
  /** Bookings that overlap `[from, to)`. */
  from?: Date | undefined;
  to?: Date | undefined;
  status?: "confirmed" | "cancelled" | undefined;
  /** Bookings that are over by then. */
  endedBy?: Date | undefined;
  latestFirst?: boolean;
}

/** The caller's bookings by their start, cancelled ones among them unless the filter says otherwise. */
export async function listBookings(
  ctx: Ctx,
  { from, to, status, endedBy, latestFirst = false }: BookingFilter,
  page: PageRequest,
): Promise<Page<BookingView>> {
  requireScope(ctx, "read");
  const after = decodePosition(page.cursor, "instant");
  const views = await readBookings(
    ctx,
    and(
      from === undefined ? undefined : gt(bookings.endsAt, from),
      to === undefined ? undefined : lt(bookings.startsAt, to),
      status === undefined ? undefined : eq(bookings.status, status),
      endedBy === undefined ? undefined : lte(bookings.endsAt, endedBy),
      after === null
        ? undefined
        : sql`(${bookings.startsAt}, ${bookings.id}) ${latestFirst ? sql`<` : sql`>`}
            (${after.key}::timestamptz, ${after.id}::uuid)`,
    ),
    { limit: page.limit + 1, latestFirst },
  );
  return toPage(
    views,
    page.limit,
    ({ start, id }) => ({ key: start, id }),
    (view) => view,
  );
}

export async function getBooking(ctx: Ctx, id: string): Promise<BookingView> {
  requireScope(ctx, "read");
  return readBooking(ctx, id);
}

/** As `getBooking`, for verbs that have asked for their own scope: the answer to a change. */
export async function readBooking(ctx: Pick<Ctx, "db" | "userId" | "now">, id: string): Promise<BookingView> {
  if (!isId(id)) throw notFound("booking");
  const [view] = await readBookings(ctx, eq(bookings.id, id), { limit: 1, latestFirst: false });
  if (view === undefined) throw notFound("booking");
  return view;
}

async function readBookings(
  { db, userId, now }: Pick<Ctx, "db" | "userId" | "now">,
  chosen: SQL | undefined,
  { limit, latestFirst }: { limit: number; latestFirst: boolean },
): Promise<BookingView[]> {
  const by = latestFirst ? desc : asc;
  const rows = await db
    .select({ booking: bookings, serviceName: services.name })
    .from(bookings)
    .innerJoin(services, eq(services.id, bookings.serviceId))
    .where(and(eq(bookings.userId, userId), chosen))
    .orderBy(by(bookings.startsAt), by(bookings.id))
    .limit(limit);
  if (rows.length === 0) return [];
  const exported = await db
    .select()
    .from(calendarExportedBookings)
    .where(
      inArray(
        calendarExportedBookings.bookingId,
        rows.map(({ booking }) => booking.id),
      ),
    )
    .orderBy(asc(calendarExportedBookings.createdAt), asc(calendarExportedBookings.id));
  return rows.map(({ booking, serviceName }) =>
    viewBooking(
      booking,
      serviceName,
      exported.filter(({ bookingId }) => bookingId === booking.id),
      now,
    ),
  );
}
