import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { readListOrFirst } from "@/app/_components/read-list";
import { requireCtx } from "@/app/_session/gate";
import { ServicesView } from "@/app/(dashboard)/services/_components/services-view";
import { toListing } from "@/app/(dashboard)/services/to-view";
import { runtime } from "@/inngest/runtime";
import { listServices } from "@/lib/bookings/services";
import { listConnections } from "@/lib/connections/queries";
import { getMe } from "@/lib/organizations/me";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("services");
  return { title: t("title") };
}

const PAGE = 50;

interface ServicesPageProps {
  searchParams: Promise<{ cursor?: string | string[] }>;
}

export default async function ServicesPage({ searchParams }: ServicesPageProps) {
  const ctx = await requireCtx();
  const { services, env } = runtime();
  const { cursor } = await searchParams;
  const [page, connections, me] = await Promise.all([
    readListOrFirst(cursor, (from) => listServices(ctx, { limit: PAGE, cursor: from })),
    listConnections(services, ctx),
    getMe(ctx),
  ]);
  const of = { origin: env.appOrigin, handle: me.handle, connections };
  return (
    <ServicesView
      nextCursor={page.nextCursor}
      services={page.data.map((service) => toListing(service, of))}
    />
  );
}
