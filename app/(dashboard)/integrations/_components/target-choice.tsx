"use client";

import { useTranslations } from "next-intl";
import { useCalendarProducts } from "@/app/_components/provider-name";
import { RadioGroup } from "@/app/_components/ui/radio-group";
import { useSavedValue } from "@/app/_components/use-saved-value";
import type { IntegrationActions } from "@/app/(dashboard)/integrations/_components/integration-view";
import type { TargetAccount } from "@/app/(dashboard)/integrations/target-accounts";

const NOWHERE = "nowhere";

interface TargetChoiceProps {
  accounts: TargetAccount[];
  /** The first account that receives bookings. */
  main: TargetAccount | null;
  choose: IntegrationActions["chooseTarget"];
}

/** All calendars that can be written to, of all accounts, and none of them. Saved at once. */
export function TargetChoice({ accounts, main, choose }: TargetChoiceProps) {
  const t = useTranslations("exports.target");
  const products = useCalendarProducts();
  const saved = main?.target ? `${main.integrationId}/${main.target}` : NOWHERE;
  const [value, change] = useSavedValue<string>(saved, (next) => {
    const [integrationId, calendarId] = next.split("/");
    const target = integrationId && calendarId ? { integrationId, calendarId } : null;
    return choose(target);
  });
  const options = accounts.flatMap(({ integrationId, name, provider, hindrance, calendars, target }) =>
    calendars
      .filter(({ id }) => hindrance === null || id === target)
      .map(({ id, name: calendar, canWrite }) => ({
        value: `${integrationId}/${id}`,
        label: calendar,
        description: [
          calendar === name ? products[provider] : `${name} · ${products[provider]}`,
          canWrite ? null : t("readOnly"),
        ]
          .filter((part) => part !== null)
          .join(". "),
        disabled: hindrance !== null || !canWrite,
      })),
  );
  return (
    <>
      <RadioGroup
        className="gap-2 sm:grid sm:grid-cols-2 sm:space-y-0"
        legend={t("legend")}
        name="target"
        onChange={change}
        options={[...options, { value: NOWHERE, label: t("nowhere"), description: t("nowhereHint") }]}
        value={value}
      />
      <p className="text-xs text-ink-muted">{t(value === NOWHERE ? "nowhereNow" : "moves")}</p>
    </>
  );
}
