import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { orNotFound } from "@/app/_components/public/or-not-found";
import { requireCtx } from "@/app/_session/gate";
import { BulkChangeView } from "@/app/(dashboard)/integrations/changes/[id]/_components/bulk-change-view";
import { getBulkChange } from "@/lib/bookings/bulk-changes";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("bulkChange");
  return { title: t("title") };
}

interface BulkChangePageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ done?: string; refused?: string }>;
}

export default async function BulkChangePage({ params, searchParams }: BulkChangePageProps) {
  const ctx = await requireCtx();
  const [{ id }, { done, refused }] = await Promise.all([params, searchParams]);
  const change = await orNotFound(getBulkChange(ctx, id));
  return <BulkChangeView change={change} done={done ?? null} refused={refused ?? null} />;
}
