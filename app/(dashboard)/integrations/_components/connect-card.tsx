import { ChevronRight, Plus, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { ConnectLink } from "@/app/_components/connect/connect-link";
import { PermissionSummary } from "@/app/_components/connect/permission-summary";
import type { ConnectActions } from "@/app/_components/connect/start-connect";
import { ProviderMark } from "@/app/_components/provider-mark";
import { type ProviderName, useCalendarProducts } from "@/app/_components/provider-name";
import { Card, CardHeader, CardSection } from "@/app/_components/ui/card";

interface ConnectCardProps {
  provider: ProviderName;
  /** Another account of a vendor that is connected already. */
  another: boolean;
  connect: ConnectActions;
}

/** Offers a vendor, and says in plain words what the consent is about before it is asked for. */
export function ConnectCard({ provider, another, connect }: ConnectCardProps) {
  const t = useTranslations("integrations.connect");
  const product = useCalendarProducts()[provider];
  return (
    <Card aria-label={t("title", { product })}>
      <CardHeader>
        <ProviderMark provider={provider} />
        <div className="min-w-0 flex-1 basis-56">
          <h2 className="text-lg font-semibold">
            {another ? t("another", { product }) : t("title", { product })}
          </h2>
          <p className="text-sm text-ink-muted">{another ? t("anotherPitch") : t("pitch")}</p>
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <ConnectLink provider={provider} actions={connect} variant={another ? "secondary" : "primary"}>
            <Plus aria-hidden />
            {t("action", { product })}
          </ConnectLink>
        </div>
      </CardHeader>
      <CardSection className={another ? "py-2.5 sm:py-3" : undefined}>
        <details className="group" open={!another}>
          <summary className={another ? "inline-flex min-h-8 items-center gap-1.5 text-sm" : "hidden"}>
            <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
            {t("summary")}
          </summary>
          <div className={another ? "py-4" : undefined}>
            <PermissionSummary provider={provider} />
            <p className="mt-5 flex items-start gap-2 text-xs text-ink-muted">
              <ShieldCheck aria-hidden className="mt-px size-4 shrink-0" />
              {t("safety")}
            </p>
          </div>
        </details>
      </CardSection>
    </Card>
  );
}
