"use client";

import { ArrowDownToLine, ArrowUpFromLine, RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { Switch } from "@/app/_components/ui/switch";
import { useSavedValue } from "@/app/_components/use-saved-value";
import type {
  AutoSync,
  IntegrationActions,
  IntegrationSettings,
} from "@/app/(dashboard)/integrations/_components/integration-view";

const directions = [
  { key: "importEnabled", icon: ArrowDownToLine },
  { key: "exportEnabled", icon: ArrowUpFromLine },
  { key: "autoSyncEnabled", icon: RefreshCw },
] as const;

type Direction = (typeof directions)[number]["key"];

interface DirectionSettingsProps {
  integrationId: string;
  settings: Pick<IntegrationSettings, Direction>;
  /** False while the account gave no right to write. */
  canExport: boolean;
  disabled: boolean;
  /** The calendar bookings are added to; null while none is chosen. */
  targetName: string | null;
  product: string;
  /** The vendor's name alone, as in "Google". */
  vendor: string;
  autoSync: AutoSync;
  saveSettings: IntegrationActions["saveSettings"];
}

/** What flows in, what flows out, and whether by itself. Each switch is saved at once. */
export function DirectionSettings(props: DirectionSettingsProps) {
  return (
    <ul className="grid gap-3 lg:grid-cols-3">
      {directions.map(({ key, icon }) => (
        <li className="flex min-w-0" key={key}>
          <DirectionSwitch {...props} direction={key} icon={icon} />
        </li>
      ))}
    </ul>
  );
}

function DirectionSwitch(props: DirectionSettingsProps & { direction: Direction; icon: typeof RefreshCw }) {
  const {
    integrationId,
    settings,
    canExport,
    disabled,
    targetName,
    product,
    vendor,
    autoSync,
    saveSettings,
    direction,
    icon: Icon,
  } = props;
  const t = useTranslations("integrations.settings");
  const [on, change] = useSavedValue(settings[direction], (next) =>
    saveSettings({ integrationId, settings: { [direction]: next } }),
  );
  const withheld = direction === "exportEnabled" && !canExport;
  const hint = hintKey(direction, { on, withheld, hasTarget: targetName !== null, autoSync });
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch is inside
    <label className="flex min-w-0 flex-1 items-start gap-3 rounded-control border p-3.5 has-disabled:bg-sunken/50">
      <Icon aria-hidden className="mt-0.5 size-4.5 shrink-0 text-brand" />
      <span className="min-w-0 flex-1">
        <span className="block text-sm font-medium">{t(`${direction}.label`)}</span>
        <span className="block text-xs text-ink-muted wrap-anywhere">
          {t(hint, {
            product,
            vendor,
            calendar: breakable(targetName ?? ""),
            minutes: autoSync.everyMinutes,
          })}
        </span>
      </span>
      <Switch
        checked={on && !withheld}
        disabled={disabled || withheld}
        onChange={(event) => change(event.currentTarget.checked)}
      />
    </label>
  );
}

/** A main calendar is called like its account: a name too long for its line shall part at the "@", not anywhere. */
function breakable(name: string): string {
  return name.replace("@", "\u200b@");
}

function hintKey(
  direction: Direction,
  {
    on,
    withheld,
    hasTarget,
    autoSync,
  }: Record<"on" | "withheld" | "hasTarget", boolean> & { autoSync: AutoSync },
) {
  if (direction === "autoSyncEnabled") return `autoSyncEnabled.${on ? autoSync.how : "off"}` as const;
  if (direction !== "exportEnabled") return `${direction}.${on ? "on" : "off"}` as const;
  if (withheld) return "exportEnabled.withheld";
  if (on && !hasTarget) return "exportEnabled.noTarget";
  return on ? "exportEnabled.on" : "exportEnabled.off";
}
