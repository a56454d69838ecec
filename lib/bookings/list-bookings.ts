import { and, asc, eq, gt, inArray, lt, type SQL, sql } from "drizzle-orm";
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
}

/** The caller's bookings in order of time, cancelled ones among them unless the filter says otherwise. */
export async function listBookings(
  ctx: Ctx,
  { from, to, status }: BookingFilter,
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
      after === null
        ? undefined
        : sql`(${bookings.startsAt}, ${bookings.id}) > (${after.key}::timestamptz, ${after.id}::uuid)`,
    ),
    page.limit + 1,
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
export async function readBooking(ctx: Pick<Ctx, "db" | "userId">, id: string): Promise<BookingView> {
  if (!isId(id)) throw notFound("booking");
  const [view] = await readBookings(ctx, eq(bookings.id, id), 1);
  if (view === undefined) throw notFound("booking");
  return view;
}

async function readBookings(
  { db, userId }: Pick<Ctx, "db" | "userId">,
  chosen: SQL | undefined,
  limit: number,
): Promise<BookingView[]> {
  const rows = await db
    .select({ booking: bookings, serviceName: services.name })
    .from(bookings)
    .innerJoin(services, eq(services.id, bookings.serviceId))
    .where(and(eq(bookings.userId, userId), chosen))
    .orderBy(asc(bookings.startsAt), asc(bookings.id))
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
    ),
  );
}
