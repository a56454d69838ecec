import { ArrowLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { type PublicService, ServiceFacts } from "@/app/_components/public/service-facts";

interface OfferSummaryProps {
  service: PublicService;
  provider: { name: string };
  /** The page of everything this person offers. */
  back: string;
}

export function OfferSummary({ service, provider, back }: OfferSummaryProps) {
  const t = useTranslations("publicBooking");
  return (
    <header className="lg:sticky lg:top-8">
      <a
        className="-ml-2 inline-flex min-h-11 items-center gap-1.5 rounded-control px-2 text-sm text-ink-muted hover:bg-sunken hover:text-ink"
        href={back}
      >
        <ArrowLeft aria-hidden className="size-4 shrink-0" />
        {provider.name}
      </a>
      <p className="mt-2 text-xs font-medium text-ink-muted">{t(`kind.${service.kind}`)}</p>
      <h1 className="mt-0.5 mb-3 text-2xl font-semibold break-words sm:text-3xl">{service.name}</h1>
      <ServiceFacts service={service} />
    </header>
  );
}
