"use client";

import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { Label, Select } from "@/app/_components/ui/field";
import { useSavedValue } from "@/app/_components/use-saved-value";
import type { IntegrationActions } from "@/app/(dashboard)/integrations/_components/integration-view";
import type { TargetAccount } from "@/app/(dashboard)/integrations/target-accounts";

interface MoreTargetsProps {
  accounts: TargetAccount[];
  saveSettings: IntegrationActions["saveSettings"];
}

/** Further accounts that get every booking as well; none of them until somebody says so. */
export function MoreTargets({ accounts, saveSettings }: MoreTargetsProps) {
  const t = useTranslations("exports.target.more");
  return (
    <details className="group" open={accounts.some(({ target }) => target !== null)}>
      <summary className="inline-flex min-h-8 items-center gap-1.5 rounded-control text-sm font-medium">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {t("title")}
      </summary>
      <p className="mt-1 text-xs text-ink-muted">{t("hint")}</p>
      <div className="mt-3 grid gap-4 sm:grid-cols-2">
        {accounts.map((account) => (
          <MoreTarget account={account} key={account.integrationId} saveSettings={saveSettings} />
        ))}
      </div>
    </details>
  );
}

function MoreTarget({
  account,
  saveSettings,
}: { account: TargetAccount } & Omit<MoreTargetsProps, "accounts">) {
  const t = useTranslations("exports.target.more");
  const id = useId();
  const { integrationId, name, hindrance, calendars, target } = account;
  const [value, change] = useSavedValue(target ?? "", (next) =>
    saveSettings({
      integrationId,
      settings: next === "" ? { exportEnabled: false } : { exportEnabled: true, targetCalendarId: next },
    }),
  );
  return (
    <div>
      <Label className="wrap-anywhere" htmlFor={id}>
        {name}
      </Label>
      <Select
        className="mt-1.5"
        id={id}
        onChange={(event) => change(event.currentTarget.value)}
        value={value}
      >
        <option value="">{t("no")}</option>
        {calendars.map((calendar) => (
          <option disabled={hindrance !== null || !calendar.canWrite} key={calendar.id} value={calendar.id}>
            {calendar.canWrite ? calendar.name : t("readOnly", { name: calendar.name })}
          </option>
        ))}
      </Select>
    </div>
  );
}
