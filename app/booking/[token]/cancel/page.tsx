import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { addressOf, type SearchParams } from "@/app/_components/public/address";
import { ConfirmForm } from "@/app/_components/public/confirm-form";
import { PublicShell } from "@/app/_components/public/public-shell";
import { readPage } from "@/app/_components/public/read-page";
import { BookingFacts } from "@/app/booking/[token]/_components/booking-facts";
import { cancelBooking } from "@/app/booking/[token]/actions";
import { loadBooking } from "@/app/booking/[token]/load-booking";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";

interface CancelPageProps {
  params: Promise<{ token: string }>;
  searchParams: SearchParams;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("publicBooking.cancel");
  return { title: t("title") };
}

/** Asks once more before a booking is cancelled. */
export default async function CancelPage({ params, searchParams }: CancelPageProps) {
  const { token } = await params;
  const booking = await loadBooking(token);
  const { query, zoneIsChosen, zone } = await readPage(searchParams, booking.timeZone);
  const back = addressOf(`/booking/${token}`, { zone: query.zone });
  if (!booking.changeable) redirect(back);
  const [t, form] = await Promise.all([
    getTranslations("publicBooking.cancel"),
    getTranslations("publicBooking.form"),
  ]);
  return (
    <PublicShell path={`/booking/${token}/cancel`} query={{ zone: query.zone }}>
      <div className="mx-auto max-w-2xl overflow-hidden rounded-card border bg-surface shadow-card">
        <header className="p-5 sm:p-8">
          <h1 className="text-2xl font-semibold">{t("title")}</h1>
          <p className="mt-1 text-ink-muted">{t("body")}</p>
        </header>
        <BookingFacts
          booking={booking}
          zone={zoneIsChosen ? zone : (parseTimeZone(booking.timeZone) ?? UTC)}
        />
        <div className="border-t p-5 sm:p-8">
          <ConfirmForm
            action={cancelBooking}
            back={{ href: back, words: t("back") }}
            hidden={{ token }}
            remark={{
              name: "reason",
              label: t("reason", { name: booking.provider.name }),
              optional: form("optional"),
            }}
            submit={{ words: t("submit"), variant: "danger" }}
          />
        </div>
      </div>
    </PublicShell>
  );
}
