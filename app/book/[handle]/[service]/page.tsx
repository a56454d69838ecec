import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { addressOf, type SearchParams } from "@/app/_components/public/address";
import { loadOffer } from "@/app/_components/public/load-offer";
import { PublicShell } from "@/app/_components/public/public-shell";
import { chosenSlot, readPage } from "@/app/_components/public/read-page";
import { SlotChoice } from "@/app/_components/public/slot-choice";
import { BookingDetails } from "@/app/book/[handle]/[service]/_components/booking-details";
import { OfferSummary } from "@/app/book/[handle]/[service]/_components/offer-summary";
import { runtime } from "@/inngest/runtime";
import { publicAvailability } from "@/lib/bookings/public-availability";
import { horizonEnd } from "@/lib/calendar/slots";

const MINUTE_MS = 60_000;

interface ServicePageProps {
  params: Promise<{ handle: string; service: string }>;
  searchParams: SearchParams;
}

export async function generateMetadata({ params }: ServicePageProps): Promise<Metadata> {
  const { handle, service: slug } = await params;
  const { service, provider } = await loadOffer(handle, slug);
  const t = await getTranslations("publicBooking");
  return { title: `${service.name} ${t("with", { name: provider.name })}` };
}

/** First the free times of a service, then, once one is chosen, the form that books it. */
export default async function ServicePage({ params, searchParams }: ServicePageProps) {
  const { handle, service: slug } = await params;
  const { service, provider } = await loadOffer(handle, slug);
  const visit = await readPage(searchParams, provider.timeZone);
  const { services } = runtime();
  const now = services.clock.now();
  const wish = { handle, slug, from: now, to: horizonEnd(service, now) };
  const { slots, ready } = await publicAvailability(services, wish, now);
  const path = `/book/${handle}/${slug}`;
  const chosen = await chosenSlot(slots, visit, service.durationMinutes * MINUTE_MS);
  return (
    <PublicShell path={path} query={visit.query}>
      <div className="grid items-start gap-6 lg:grid-cols-[20rem_minmax(0,1fr)] lg:gap-10">
        <OfferSummary
          back={addressOf(`/book/${handle}`, { zone: visit.query.zone })}
          provider={provider}
          service={service}
        />
        {chosen === null ? (
          <SlotChoice ready={ready} path={path} provider={provider} slots={slots} visit={visit} />
        ) : (
          <BookingDetails
            handle={handle}
            path={path}
            provider={provider}
            service={service}
            slot={chosen}
            visit={visit}
          />
        )}
      </div>
    </PublicShell>
  );
}
