import { Building2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { ProviderMark } from "@/app/_components/provider-mark";
import { type ProviderName, useCalendarProducts } from "@/app/_components/provider-name";
import { StatusBadge } from "@/app/_components/status-badge";
import { Card, CardHeader } from "@/app/_components/ui/card";

interface PolicyCardProps {
  provider: ProviderName;
  organizationName: string;
  /** The administrator's own words. */
  message: string | null;
}

/** A vendor the organization does not allow: said before anybody clicks. */
export function PolicyCard({ provider, organizationName, message }: PolicyCardProps) {
  const t = useTranslations("integrations.policy");
  const product = useCalendarProducts()[provider];
  return (
    <Card aria-label={product} className="bg-sunken/40 shadow-none">
      <CardHeader>
        <ProviderMark className="grayscale" provider={provider} />
        <div className="min-w-0 flex-1 basis-56">
          <h2 className="text-lg font-semibold">{product}</h2>
          <p className="mt-0.5 flex items-start gap-2 text-sm text-ink-muted">
            <Building2 aria-hidden className="mt-0.5 size-4 shrink-0" />
            {t("blocked", { organization: organizationName })}
          </p>
          {message !== null && <blockquote className="mt-2 border-l-2 pl-3 text-sm">{message}</blockquote>}
        </div>
        <StatusBadge look="blocked">{t("notAllowed")}</StatusBadge>
      </CardHeader>
    </Card>
  );
}
