"use client";

import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { Label, Select } from "@/app/_components/ui/field";
import { useSavedValue } from "@/app/_components/use-saved-value";
import type {
  IntegrationActions,
  IntegrationSettings,
} from "@/app/(dashboard)/integrations/_components/integration-view";

const choices = {
  allDayEvents: ["always_block", "as_provider"],
  tentative: ["block", "ignore"],
  titles: ["full", "busy_only"],
  whenUnsure: ["accept", "refuse"],
} as const satisfies { [Key in keyof IntegrationSettings]?: readonly IntegrationSettings[Key][] };

type Choice = keyof typeof choices;

interface DetailSettingsProps {
  integrationId: string;
  settings: Pick<IntegrationSettings, Choice>;
  disabled: boolean;
  saveSettings: IntegrationActions["saveSettings"];
}

/** How events count and what is kept of them. */
export function DetailSettings(props: DetailSettingsProps) {
  const t = useTranslations("integrations.settings");
  return (
    <details className="group">
      <summary className="inline-flex min-h-8 items-center gap-1.5 rounded-control text-sm font-medium">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {t("details")}
      </summary>
      <div className="mt-4 grid gap-x-6 gap-y-5 sm:grid-cols-2">
        {(Object.keys(choices) as Choice[]).map((key) => (
          <ChoiceField key={key} {...props} choice={key} />
        ))}
      </div>
    </details>
  );
}

function ChoiceField({
  integrationId,
  settings,
  disabled,
  saveSettings,
  choice,
}: DetailSettingsProps & { choice: Choice }) {
  const t = useTranslations("integrations.settings.choices");
  const id = useId();
  const [value, change] = useSavedValue<string>(settings[choice], (next) =>
    saveSettings({ integrationId, settings: { [choice]: next } }),
  );
  return (
    <div>
      <Label htmlFor={id}>{t(`${choice}.label`)}</Label>
      <Select
        aria-describedby={`${id}-hint`}
        className="mt-1.5"
        disabled={disabled}
        id={id}
        onChange={(event) => change(event.currentTarget.value)}
        value={value}
      >
        {choices[choice].map((option) => (
          <option key={option} value={option}>
            {t(optionKey(choice, option))}
          </option>
        ))}
      </Select>
      <p className="mt-1.5 text-xs text-ink-muted" id={`${id}-hint`}>
        {t(`${choice}.hint`)}
      </p>
    </div>
  );
}

type OptionKey = { [Key in Choice]: `${Key}.${(typeof choices)[Key][number]}` }[Choice];

// Every option listed for a choice has its words; the two lists cannot be tied together in a template type.
function optionKey(choice: Choice, option: string): OptionKey {
  return `${choice}.${option}` as OptionKey;
}
