import { ConciergeBell } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { EmptyState } from "@/app/_components/empty-state";
import { Link } from "@/app/_components/link";
import { PageHeader } from "@/app/_components/page-header";
import { firstValue } from "@/app/_components/read-list";
import { Button } from "@/app/_components/ui/button";
import { requireCtx, requireSession } from "@/app/_session/gate";
import { NewBookingForm } from "@/app/(dashboard)/bookings/_components/new-booking-form";
import { toOffer } from "@/app/(dashboard)/bookings/read-offer";
import { runtime } from "@/inngest/runtime";
import { getAvailability } from "@/lib/bookings/availability";
import { listServices, type ServiceView } from "@/lib/bookings/services";
import { horizonEnd } from "@/lib/calendar/slots";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { listConnections } from "@/lib/connections/queries";
import { MAX_LIMIT } from "@/lib/platform/page";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("bookings");
  return { title: t("new.title") };
}

interface NewBookingPageProps {
  searchParams: Promise<{ service?: string | string[]; day?: string | string[] }>;
}

export default async function NewBookingPage({ searchParams }: NewBookingPageProps) {
  const { user } = await requireSession();
  const ctx = await requireCtx();
  const given = await searchParams;
  const t = await getTranslations("bookings");
  const { data: services } = await listServices(ctx, { limit: MAX_LIMIT, cursor: null });
  const service =
    services.find(({ id }) => id === firstValue(given.service)) ??
    services.find(({ active }) => active) ??
    services[0];
  const header = (
    <PageHeader
      back={{ href: "/bookings", label: t("title") }}
      title={t("new.title")}
      zoneOf={service && "times"}
    />
  );
  if (service === undefined) {
    return (
      <div className="max-w-3xl">
        {header}
        <EmptyState
          action={
            <Button asChild variant="primary">
              <Link href="/services/new">{t("new.noService.action")}</Link>
            </Button>
          }
          icon={ConciergeBell}
          title={t("new.noService.title")}
        >
          <p>{t("new.noService.body")}</p>
        </EmptyState>
      </div>
    );
  }
  const [availability, connections] = await Promise.all([
    getAvailability(ctx, { serviceId: service.id, from: ctx.now, to: horizonEnd(service, ctx.now) }),
    listConnections(runtime().services, ctx),
  ]);
  const zone = parseTimeZone(user.timeZone) ?? UTC;
  const { horizonDays } = service;
  const day = firstValue(given.day);
  return (
    <div className="max-w-3xl">
      {header}
      <NewBookingForm
        offer={toOffer(availability, { day, horizonDays, zone, now: ctx.now, connections })}
        service={offered(service)}
        services={services.map(offered)}
        timeZone={zone}
      />
    </div>
  );
}

function offered({ id, name, durationMinutes, location, active }: ServiceView) {
  return { id, name, durationMinutes, location, active };
}
