import { Banknote, Clock, type LucideIcon, MapPin } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";

/** What a client may know of a service. */
export interface PublicService {
  kind: "appointment" | "interview" | "training" | "intervention";
  name: string;
  slug: string;
  durationMinutes: number;
  location: string | null;
  price: { amount: number; currency: string } | null;
}

/** How long, how much, where: what is not said of a service is left out. */
export function ServiceFacts({ service }: { service: PublicService }) {
  const t = useTranslations("publicBooking.fact");
  const priceOf = usePrice();
  const { durationMinutes, price, location } = service;
  const [hours, minutes] = [Math.floor(durationMinutes / 60), durationMinutes % 60];
  const length = hours === 0 ? "minutes" : minutes === 0 ? "hours" : "both";
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-2 text-sm text-ink-muted">
      <Fact icon={Clock} label={t("duration")} text={t(`length.${length}`, { hours, minutes })} />
      {price !== null && <Fact icon={Banknote} label={t("price")} text={priceOf(price)} />}
      {location !== null && <Fact icon={MapPin} label={t("place")} text={location} />}
    </dl>
  );
}

/** `€60`, `60,50 €`: decimals only where there are some. */
export function usePrice(): (price: { amount: number; currency: string }) => string {
  const t = useTranslations("publicBooking.fact");
  const { number } = useFormatter();
  return ({ amount, currency }) => {
    if (amount === 0) return t("free");
    const whole = Number.isInteger(amount) ? { maximumFractionDigits: 0 } : {};
    return number(amount, { style: "currency", currency, ...whole });
  };
}

function Fact({ icon: Icon, label, text }: { icon: LucideIcon; label: string; text: string }) {
  return (
    <div className="flex min-w-0 items-start gap-2">
      <dt className="mt-0.5">
        <Icon aria-hidden className="size-4" />
        <span className="sr-only">{label}</span>
      </dt>
      <dd className="min-w-0 break-words">{text}</dd>
    </div>
  );
}
