import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageHeader } from "@/app/_components/page-header";
import { orNotFound } from "@/app/_components/public/or-not-found";
import { requireCtx } from "@/app/_session/gate";
import { DeleteService } from "@/app/(dashboard)/services/_components/delete-service";
import { ServiceForm } from "@/app/(dashboard)/services/_components/service-form";
import { offeredTargets } from "@/app/(dashboard)/services/booking-targets";
import { currencies } from "@/app/(dashboard)/services/currencies";
import { publicBase } from "@/app/(dashboard)/services/to-view";
import { runtime } from "@/inngest/runtime";
import { listBookings } from "@/lib/bookings/list-bookings";
import { getService } from "@/lib/bookings/services";
import { listConnections } from "@/lib/connections/queries";
import type { Ctx } from "@/lib/organizations/context";
import { getMe } from "@/lib/organizations/me";
import { MAX_LIMIT } from "@/lib/platform/page";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("services");
  return { title: t("edit.title") };
}

export default async function ServicePage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireCtx();
  const { services, env } = runtime();
  const { id } = await params;
  const service = await orNotFound(getService(ctx, id));
  const [t, connections, me, upcoming] = await Promise.all([
    getTranslations("services"),
    listConnections(services, ctx),
    getMe(ctx),
    countUpcoming(ctx, id),
  ]);
  const base = publicBase({ origin: env.appOrigin, handle: me.handle });
  return (
    <div className="max-w-3xl">
      <PageHeader
        actions={
          <DeleteService id={id} name={service.name} publicUrl={base + service.slug} upcoming={upcoming} />
        }
        back={{ href: "/services", label: t("title") }}
        title={service.name}
      />
      <ServiceForm
        currencies={currencies(service.price?.currency)}
        id={id}
        publicBase={base}
        service={service}
        targets={offeredTargets(connections, service.targetCalendarId)}
      />
    </div>
  );
}

/** Bookings of a service still to come; null when the person has more of all services than one page holds. */
async function countUpcoming(ctx: Ctx, serviceId: string): Promise<number | null> {
  const wanted = { from: ctx.now, status: "confirmed" as const };
  const { data, nextCursor } = await listBookings(ctx, wanted, { limit: MAX_LIMIT, cursor: null });
  return nextCursor === null ? data.filter((booking) => booking.serviceId === serviceId).length : null;
}
