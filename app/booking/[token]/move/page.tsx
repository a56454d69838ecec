import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { addressOf, type SearchParams } from "@/app/_components/public/address";
import { ChosenTime } from "@/app/_components/public/chosen-time";
import { ConfirmForm } from "@/app/_components/public/confirm-form";
import { PublicShell } from "@/app/_components/public/public-shell";
import { chosenSlot, readPage } from "@/app/_components/public/read-page";
import { SlotChoice } from "@/app/_components/public/slot-choice";
import { useTimeWords } from "@/app/_components/public/use-time-words";
import { moveBooking } from "@/app/booking/[token]/actions";
import { loadBooking } from "@/app/booking/[token]/load-booking";
import { runtime } from "@/inngest/runtime";
import { availabilityByLink } from "@/lib/bookings/public-availability";
import type { ClientBooking } from "@/lib/bookings/public-booking";
import { horizonEnd } from "@/lib/calendar/slots";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

interface MovePageProps {
  params: Promise<{ token: string }>;
  searchParams: SearchParams;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("publicBooking.move");
  return { title: t("title") };
}

/** The free times a booking can be moved to, then the question whether it should. */
export default async function MovePage({ params, searchParams }: MovePageProps) {
  const { token } = await params;
  const booking = await loadBooking(token);
  const visit = await readPage(searchParams, booking.timeZone);
  const { zone, from } = visit.query;
  const back = addressOf(`/booking/${token}`, { zone });
  if (!booking.changeable) redirect(back);
  const { services } = runtime();
  const now = services.clock.now();
  const range = { from: now, to: horizonEnd(booking, now) };
  const { slots, ready } = await availabilityByLink(services, token, range, now);
  const others = slots.filter(({ start }) => start !== booking.start);
  const durationMs = Date.parse(booking.end) - Date.parse(booking.start);
  const chosen = await chosenSlot(others, visit, durationMs);
  const t = await getTranslations("publicBooking");
  const path = `/booking/${token}/move`;
  return (
    <PublicShell path={path} query={visit.query}>
      <div className="mx-auto max-w-2xl space-y-6">
        <header>
          <h1 className="text-2xl font-semibold">{t("move.title")}</h1>
          <Present booking={booking} zone={visit.zone} />
        </header>
        {chosen === null ? (
          <SlotChoice
            ready={ready}
            path={path}
            provider={booking.provider}
            slots={others}
            title={t("move.choose")}
            visit={visit}
          />
        ) : (
          <section aria-labelledby="confirm" className="space-y-6">
            <ChosenTime
              another={{ href: addressOf(path, { zone, from }), words: t("form.another") }}
              path={path}
              provider={booking.provider}
              slot={chosen}
              title={t("move.chosen")}
              visit={visit}
            />
            <h2 className="text-lg font-semibold" id="confirm">
              {t("move.confirm")}
            </h2>
            <ConfirmForm
              action={moveBooking}
              back={{ href: back, words: t("move.back") }}
              hidden={{ token, start: chosen.start, timeZone: visit.zone }}
              submit={{ words: t("move.submit"), variant: "primary" }}
            />
          </section>
        )}
      </div>
    </PublicShell>
  );
}

function Present({ booking, zone }: { booking: ClientBooking; zone: TimeZoneId }) {
  const t = useTranslations("publicBooking.move");
  const words = useTimeWords(zone);
  return (
    <p className="mt-1 text-ink-muted">
      {booking.serviceName} · {t("present", { when: words.moment(new Date(booking.start)) })}
    </p>
  );
}
