import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { firstValue, readListOrFirst } from "@/app/_components/read-list";
import { requireCtx, requireSession } from "@/app/_session/gate";
import { BookingsView } from "@/app/(dashboard)/bookings/_components/bookings-view";
import { filterFor, readShown } from "@/app/(dashboard)/bookings/list-filter";
import { toBooking } from "@/app/(dashboard)/bookings/to-view";
import { runtime } from "@/inngest/runtime";
import { listBookings } from "@/lib/bookings/list-bookings";
import { listServices } from "@/lib/bookings/services";
import { dayOf } from "@/lib/calendar/event-time";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { listConnections } from "@/lib/connections/queries";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("bookings");
  return { title: t("title") };
}

const PAGE = 50;

interface BookingsPageProps {
  searchParams: Promise<{ show?: string | string[]; cursor?: string | string[] }>;
}

export default async function BookingsPage({ searchParams }: BookingsPageProps) {
  const { user } = await requireSession();
  const ctx = await requireCtx();
  const given = await searchParams;
  const shown = readShown(firstValue(given.show));
  const zone = parseTimeZone(user.timeZone) ?? UTC;
  const [page, services, connections] = await Promise.all([
    readListOrFirst(given.cursor, (cursor) =>
      listBookings(ctx, filterFor(shown, ctx.now), { limit: PAGE, cursor }),
    ),
    listServices(ctx, { limit: 1, cursor: null }),
    listConnections(runtime().services, ctx),
  ]);
  return (
    <BookingsView
      bookings={page.data.map((view) => toBooking(view, connections, ctx.now))}
      hasServices={services.data.length > 0}
      nextCursor={page.nextCursor}
      shown={shown}
      timeZone={zone}
      today={dayOf(ctx.now, zone)}
    />
  );
}
