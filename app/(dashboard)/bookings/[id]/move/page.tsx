import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PageHeader } from "@/app/_components/page-header";
import { firstValue } from "@/app/_components/read-list";
import { requireCtx, requireSession } from "@/app/_session/gate";
import { CurrentTime } from "@/app/(dashboard)/bookings/_components/current-time";
import { MoveBookingForm } from "@/app/(dashboard)/bookings/_components/move-booking-form";
import { readOwnBooking } from "@/app/(dashboard)/bookings/read-booking";
import { toOffer } from "@/app/(dashboard)/bookings/read-offer";
import { getMoveAvailability } from "@/lib/bookings/move-availability";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("bookings");
  return { title: t("move.title") };
}

interface MoveBookingPageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ day?: string | string[] }>;
}

export default async function MoveBookingPage({ params, searchParams }: MoveBookingPageProps) {
  const { user } = await requireSession();
  const ctx = await requireCtx();
  const { booking, connections } = await readOwnBooking((await params).id);
  if (booking.status === "cancelled" || booking.phase !== "ahead") redirect(`/bookings/${booking.id}`);
  const [t, given, availability] = await Promise.all([
    getTranslations("bookings"),
    searchParams,
    getMoveAvailability(ctx, booking.id),
  ]);
  // Where it is already is no place to move to.
  const elsewhere = availability.slots.filter(({ start }) => start !== booking.start);
  const zone = parseTimeZone(user.timeZone) ?? UTC;
  const { horizonDays } = availability;
  const day = firstValue(given.day);
  return (
    <div className="max-w-3xl">
      <PageHeader
        back={{ href: `/bookings/${booking.id}`, label: t("one.heading", { client: booking.client.name }) }}
        title={t("move.title")}
        zoneOf="times"
      />
      <MoveBookingForm
        booking={booking}
        current={<CurrentTime booking={booking} />}
        offer={toOffer(
          { ...availability, slots: elsewhere },
          { day, horizonDays, zone, now: ctx.now, connections },
        )}
        timeZone={zone}
      />
    </div>
  );
}
