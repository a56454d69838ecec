import { ArrowRight, CalendarX2 } from "lucide-react";
import type { Metadata } from "next";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { EmptyState } from "@/app/_components/empty-state";
import { addressOf, type SearchParams } from "@/app/_components/public/address";
import { orNotFound } from "@/app/_components/public/or-not-found";
import { PublicShell } from "@/app/_components/public/public-shell";
import { readPage } from "@/app/_components/public/read-page";
import { type PublicService, ServiceFacts } from "@/app/_components/public/service-facts";
import { runtime } from "@/inngest/runtime";
import { findPublicProvider } from "@/lib/bookings/public-provider";

interface ProviderPageProps {
  params: Promise<{ handle: string }>;
  searchParams: SearchParams;
}

const loadProvider = cache((handle: string) => {
  const { services } = runtime();
  return orNotFound(findPublicProvider(services, handle, services.clock.now()));
});

export async function generateMetadata({ params }: ProviderPageProps): Promise<Metadata> {
  const [provider, t] = await Promise.all([
    loadProvider((await params).handle),
    getTranslations("publicBooking"),
  ]);
  return { title: t("provider.title", { name: provider.name }) };
}

/** What one person offers to be booked. */
export default async function ProviderPage({ params, searchParams }: ProviderPageProps) {
  const { handle } = await params;
  const provider = await loadProvider(handle);
  const { query } = await readPage(searchParams, provider.timeZone);
  const t = await getTranslations("publicBooking.provider");
  const path = `/book/${handle}`;
  const kept = { zone: query.zone };
  return (
    <PublicShell path={path} query={kept}>
      <div className="mx-auto max-w-2xl">
        <h1 className="text-2xl font-semibold sm:text-3xl">{t("title", { name: provider.name })}</h1>
        {provider.services.length === 0 ? (
          <div className="mt-8">
            <EmptyState icon={CalendarX2} title={t("none.title")}>
              <p>{t("none.body", { name: provider.name })}</p>
            </EmptyState>
          </div>
        ) : (
          <>
            <p className="mt-2 text-ink-muted">{t("lead")}</p>
            <ul className="mt-8 space-y-4">
              {provider.services.map((service) => (
                <li key={service.slug}>
                  <ServiceCard href={addressOf(`${path}/${service.slug}`, kept)} service={service} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </PublicShell>
  );
}

/** The whole card leads on, but only the name is the link's name. */
function ServiceCard({ service, href }: { service: PublicService; href: string }) {
  const t = useTranslations("publicBooking");
  return (
    <article className="group relative flex items-center gap-4 rounded-card border bg-surface p-5 shadow-card transition-colors focus-within:border-brand hover:border-brand sm:p-6">
      <div className="min-w-0 flex-1">
        <p className="text-xs font-medium text-ink-muted">{t(`kind.${service.kind}`)}</p>
        <h2 className="mt-0.5 mb-2 text-lg font-semibold break-words">
          <a className="after:absolute after:inset-0 after:rounded-card" href={href}>
            {service.name}
          </a>
        </h2>
        <ServiceFacts service={service} />
      </div>
      <ArrowRight
        aria-hidden
        className="size-5 shrink-0 text-brand transition-transform group-hover:translate-x-1"
      />
    </article>
  );
}
