import { CalendarPlus, ExternalLink, TriangleAlert } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { CopyButton } from "@/app/_components/copy-button";
import { Link } from "@/app/_components/link";
import { Badge } from "@/app/_components/ui/badge";
import { Button } from "@/app/_components/ui/button";
import { useMinutesWords } from "@/app/_components/use-minutes-words";
import { ActiveSwitch } from "@/app/(dashboard)/services/_components/active-switch";
import type { ServiceListing } from "@/app/(dashboard)/services/to-view";

/** One service: what it is, where its bookings go, whether it is offered, and its public address. */
export function ServiceLine({ service }: { service: ServiceListing }) {
  const t = useTranslations("services");
  return (
    <li className="px-4 py-5 sm:px-6">
      <div className="flex items-start gap-4">
        <div className="min-w-0 flex-1">
          <h2 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-base font-semibold">
            <Link
              className="wrap-anywhere underline-offset-4 hover:underline"
              href={`/services/${service.id}`}
            >
              {service.name}
            </Link>
            <Badge className="tracking-normal">{t(`kind.${service.kind}`)}</Badge>
          </h2>
          <ServiceFacts service={service} />
        </div>
        <ActiveSwitch active={service.active} id={service.id} name={service.name} />
      </div>
      <div className="mt-2.5 space-y-1.5">
        <Targets targets={service.targets} />
        <PublicAddress active={service.active} name={service.name} url={service.publicUrl} />
      </div>
    </li>
  );
}

function ServiceFacts({ service }: { service: ServiceListing }) {
  const t = useTranslations("services.facts");
  const format = useFormatter();
  const inWords = useMinutesWords();
  const { price, bufferBeforeMinutes: before, bufferAfterMinutes: after } = service;
  const facts = [
    inWords(service.durationMinutes),
    price === null ? t("free") : format.number(price.amount, { style: "currency", currency: price.currency }),
    before === 0 ? null : t("before", { time: inWords(before) }),
    after === 0 ? null : t("after", { time: inWords(after) }),
    service.location,
  ];
  return (
    <p className="mt-1 text-sm wrap-anywhere text-ink-muted tabular-nums">
      {facts.filter((fact) => fact !== null && fact !== "").join(" · ")}
    </p>
  );
}

function Targets({ targets }: { targets: ServiceListing["targets"] }) {
  const t = useTranslations("services.targets");
  const hindered = targets.some(({ hindrance }) => hindrance !== null);
  const Icon = hindered || targets.length === 0 ? TriangleAlert : CalendarPlus;
  return (
    <p className="flex items-start gap-2 text-sm text-ink-muted">
      <Icon
        aria-hidden
        className={`mt-0.5 size-4 shrink-0 ${Icon === TriangleAlert ? "text-warning" : ""}`}
      />
      <span className="min-w-0 wrap-anywhere">
        {targets.length === 0
          ? t.rich("nowhere", {
              link: (words) => (
                <Link className="underline underline-offset-2 hover:text-ink" href="/integrations">
                  {words}
                </Link>
              ),
            })
          : t("added", {
              places: targets
                .map(({ name, hindrance }) => (hindrance === null ? name : `${name} (${t(hindrance)})`))
                .join(", "),
            })}
      </span>
    </p>
  );
}

function PublicAddress({ url, name, active }: { url: string; name: string; active: boolean }) {
  const t = useTranslations("services.address");
  if (!active) return <p className="text-sm text-ink-muted">{t("off")}</p>;
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-1 gap-y-1">
      <code className="mr-1 min-w-0 text-xs break-all text-ink-muted">{url.replace(/^https?:\/\//, "")}</code>
      <CopyButton label={t("copy")} value={url} />
      <Button asChild size="sm" variant="ghost">
        <a aria-label={t("openNamed", { name })} href={url} rel="noreferrer" target="_blank">
          <ExternalLink aria-hidden />
          {t("open")}
        </a>
      </Button>
    </div>
  );
}
