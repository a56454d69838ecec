import { ConciergeBell, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/app/_components/empty-state";
import { Link } from "@/app/_components/link";
import { PageHeader } from "@/app/_components/page-header";
import { Button } from "@/app/_components/ui/button";
import { ServiceLine } from "@/app/(dashboard)/services/_components/service-line";
import type { ServiceListing } from "@/app/(dashboard)/services/to-view";

interface ServicesViewProps {
  services: ServiceListing[];
  nextCursor: string | null;
}

export function ServicesView({ services, nextCursor }: ServicesViewProps) {
  const t = useTranslations("services");
  const add = (
    <Button asChild variant="primary">
      <Link href="/services/new">
        <Plus aria-hidden />
        {t("add")}
      </Link>
    </Button>
  );
  return (
    <>
      <PageHeader actions={services.length > 0 && add} description={t("description")} title={t("title")} />
      {services.length === 0 ? (
        <EmptyState action={add} icon={ConciergeBell} title={t("empty.title")}>
          <p>{t("empty.body")}</p>
        </EmptyState>
      ) : (
        <ul className="divide-y rounded-card border bg-surface shadow-card">
          {services.map((service) => (
            <ServiceLine key={service.id} service={service} />
          ))}
        </ul>
      )}
      {nextCursor !== null && (
        <div className="mt-6 flex justify-center">
          <Button asChild>
            <Link href={`/services?cursor=${nextCursor}`}>{t("more")}</Link>
          </Button>
        </div>
      )}
    </>
  );
}
