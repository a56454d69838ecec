import { CalendarCheck2, CalendarPlus, CalendarX2, History } from "lucide-react";
import type { Metadata } from "next";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { cn } from "@/app/_components/cn";
import { addressOf, type SearchParams } from "@/app/_components/public/address";
import { PublicShell } from "@/app/_components/public/public-shell";
import { readPage } from "@/app/_components/public/read-page";
import { ZoneChoice } from "@/app/_components/public/zone-choice";
import { Button } from "@/app/_components/ui/button";
import { BookingFacts } from "@/app/booking/[token]/_components/booking-facts";
import { loadBooking } from "@/app/booking/[token]/load-booking";
import type { ClientBooking } from "@/lib/bookings/public-booking";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";

interface BookingPageProps {
  params: Promise<{ token: string }>;
  searchParams: SearchParams;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("publicBooking.booking");
  return { title: t("title") };
}

/** The client's own page of a booking. Reading it changes nothing; what changes something asks once more. */
export default async function BookingPage({ params, searchParams }: BookingPageProps) {
  const { token } = await params;
  const booking = await loadBooking(token);
  const visit = await readPage(searchParams, booking.timeZone);
  // The zone it was booked in is a better guess than the device's.
  const zone = visit.zoneIsChosen ? visit.zone : (parseTimeZone(booking.timeZone) ?? UTC);
  const path = `/booking/${token}`;
  return (
    <PublicShell path={path} query={{ zone: visit.query.zone }}>
      <article className="mx-auto max-w-2xl space-y-4">
        <div className="overflow-hidden rounded-card border bg-surface shadow-card">
          <Headline booking={booking} />
          <BookingFacts booking={booking} zone={zone} />
          <Actions booking={booking} path={path} zone={visit.query.zone} />
        </div>
        <ZoneChoice
          at={new Date(booking.start)}
          path={path}
          provider={booking.provider}
          visit={{ ...visit, zone }}
        />
      </article>
    </PublicShell>
  );
}

const LOOKS = {
  confirmed: { icon: CalendarCheck2, className: "bg-success-soft text-success" },
  cancelled: { icon: CalendarX2, className: "bg-neutral-soft text-neutral" },
  past: { icon: History, className: "bg-neutral-soft text-neutral" },
} as const;

function Headline({ booking }: { booking: ClientBooking }) {
  const t = useTranslations("publicBooking.booking");
  const state = booking.status === "confirmed" && !booking.changeable ? "past" : booking.status;
  const { icon: Icon, className } = LOOKS[state];
  const { cancelledBy, cancelReason, provider } = booking;
  return (
    <header className="flex items-start gap-4 p-5 sm:p-8">
      <span className={cn("grid size-12 shrink-0 place-items-center rounded-full", className)}>
        <Icon aria-hidden className="size-6" />
      </span>
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold">{t(state)}</h1>
        {state === "confirmed" && <p className="mt-1 text-ink-muted">{t("keep")}</p>}
        {state === "cancelled" && cancelledBy !== null && (
          <p className="mt-1 text-ink-muted">{t(`cancelledBy.${cancelledBy}`, { name: provider.name })}</p>
        )}
        {cancelReason !== null && (
          <p className="mt-1 break-words whitespace-pre-line text-ink-muted">
            {t("reason", { reason: cancelReason })}
          </p>
        )}
      </div>
    </header>
  );
}

function Actions({ booking, path, zone }: { booking: ClientBooking; path: string; zone: string | null }) {
  const t = useTranslations("publicBooking.booking");
  const { provider, serviceSlug } = booking;
  const offered =
    serviceSlug === null ? `/book/${provider.handle}` : `/book/${provider.handle}/${serviceSlug}`;
  return (
    <div className="flex flex-wrap gap-3 border-t p-5 sm:px-8">
      {booking.changeable ? (
        <>
          <Button asChild size="lg" variant="primary">
            <a download href={`${path}/calendar.ics`}>
              <CalendarPlus aria-hidden />
              {t("download")}
            </a>
          </Button>
          <Button asChild size="lg">
            <a href={addressOf(`${path}/move`, { zone })}>{t("move")}</a>
          </Button>
          <Button asChild size="lg" variant="dangerGhost">
            <a href={addressOf(`${path}/cancel`, { zone })}>{t("cancel")}</a>
          </Button>
        </>
      ) : (
        <Button asChild size="lg" variant="primary">
          <a href={addressOf(offered, { zone })}>{t("again")}</a>
        </Button>
      )}
    </div>
  );
}
