import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageHeader } from "@/app/_components/page-header";
import { requireCtx } from "@/app/_session/gate";
import { ServiceForm } from "@/app/(dashboard)/services/_components/service-form";
import { offeredTargets } from "@/app/(dashboard)/services/booking-targets";
import { currencies } from "@/app/(dashboard)/services/currencies";
import { NEW_SERVICE } from "@/app/(dashboard)/services/service";
import { publicBase } from "@/app/(dashboard)/services/to-view";
import { runtime } from "@/inngest/runtime";
import { listConnections } from "@/lib/connections/queries";
import { getMe } from "@/lib/organizations/me";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("services");
  return { title: t("new.title") };
}

export default async function NewServicePage() {
  const ctx = await requireCtx();
  const { services, env } = runtime();
  const [t, connections, me] = await Promise.all([
    getTranslations("services"),
    listConnections(services, ctx),
    getMe(ctx),
  ]);
  return (
    <div className="max-w-3xl">
      <PageHeader
        back={{ href: "/services", label: t("title") }}
        description={t("new.description")}
        title={t("new.title")}
      />
      <ServiceForm
        currencies={currencies(undefined)}
        id={null}
        publicBase={publicBase({ origin: env.appOrigin, handle: me.handle })}
        service={NEW_SERVICE}
        targets={offeredTargets(connections, null)}
      />
    </div>
  );
}
