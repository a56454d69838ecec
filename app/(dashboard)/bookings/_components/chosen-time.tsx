import { useFormatter, useTranslations } from "next-intl";

/** Says which time is chosen, also to who does not see the buttons. */
export function ChosenTime({ chosen }: { chosen: string | null }) {
  const t = useTranslations("bookings.slots");
  const format = useFormatter();
  return (
    <p aria-live="polite" className="text-sm text-ink-muted">
      {chosen !== null &&
        t("chosen", { time: format.dateTime(new Date(chosen), { dateStyle: "full", timeStyle: "short" }) })}
    </p>
  );
}
