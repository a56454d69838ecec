"use client";

import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { RadioGroup } from "@/app/_components/ui/radio-group";
import { useSavedValue } from "@/app/_components/use-saved-value";
import type {
  IntegrationActions,
  IntegrationSettings,
} from "@/app/(dashboard)/integrations/_components/integration-view";

type Details = IntegrationSettings["exportDetails"];

interface ExportDetailsProps {
  integrationId: string;
  value: Details;
  disabled: boolean;
  saveSettings: IntegrationActions["saveSettings"];
}

/** How much of a booking its event tells, each choice with an example of its title. */
export function ExportDetails({ integrationId, value: saved, disabled, saveSettings }: ExportDetailsProps) {
  const t = useTranslations("exports.details");
  const tEvent = useTranslations("exports.event");
  const [value, change] = useSavedValue<Details>(saved, (exportDetails) =>
    saveSettings({ integrationId, settings: { exportDetails } }),
  );
  const sample = { kind: tEvent("kinds.appointment"), service: t("sample.service") };
  const titles = {
    full: tEvent("title", { ...sample, client: t("sample.client") }),
    minimal: tEvent("titleAlone", sample),
  };
  return (
    <details className="group">
      <summary className="inline-flex min-h-8 items-center gap-1.5 rounded-control text-sm font-medium">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {t("title")}
      </summary>
      <RadioGroup
        className="mt-3 gap-2 sm:grid sm:grid-cols-2 sm:space-y-0"
        legend={t("legend")}
        name={`exportDetails-${integrationId}`}
        onChange={change}
        options={(["full", "minimal"] as const).map((option) => ({
          value: option,
          label: t(`${option}.label`),
          description: t(`${option}.example`, { title: titles[option] }),
          disabled,
        }))}
        value={value}
      />
    </details>
  );
}
