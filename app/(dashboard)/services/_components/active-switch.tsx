"use client";

import { useTranslations } from "next-intl";
import { Switch } from "@/app/_components/ui/switch";
import { useSavedValue } from "@/app/_components/use-saved-value";
import { offerService } from "@/app/(dashboard)/services/actions";

interface ActiveSwitchProps {
  id: string;
  name: string;
  active: boolean;
}

/** Whether clients can book a service. Saved at once. */
export function ActiveSwitch({ id, name, active }: ActiveSwitchProps) {
  const t = useTranslations("services");
  const [on, change] = useSavedValue(active, (next) => offerService({ id, active: next }));
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch is inside
    <label className="flex shrink-0 items-center gap-2.5 text-sm text-ink-muted">
      <span aria-hidden className="hidden sm:inline">
        {t(on ? "offered" : "notOffered")}
      </span>
      <Switch
        aria-label={t("offer", { name })}
        checked={on}
        onChange={(event) => change(event.currentTarget.checked)}
      />
    </label>
  );
}
