"use client";

import { Globe } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useSyncExternalStore } from "react";
import type { TimeZoneGroup } from "@/app/_components/time-zones";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";
import { Label, Select } from "@/app/_components/ui/field";

interface TimeZoneFieldProps {
  saved: string;
  zones: TimeZoneGroup[];
  fault: boolean;
  onChange?: (zone: string) => void;
}

const never = () => () => undefined;
const deviceZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The browser's own list finds a city by its first letters; another zone than the saved one says what it changes. */
export function TimeZoneField({ saved, zones, fault, onChange }: TimeZoneFieldProps) {
  const t = useTranslations("settings");
  const [zone, setZone] = useState(saved);
  const device = useSyncExternalStore(never, deviceZone, () => saved);
  const offered = zones.some((group) => group.zones.some(({ id }) => id === device));
  const choose = (next: string) => {
    setZone(next);
    onChange?.(next);
  };
  const named = (id: string) => id.replaceAll("_", " ");
  return (
    <div className="scroll-mt-20" id="time-zone">
      <Label className="mb-1.5" htmlFor="timeZone">
        {t("timeZone.label")}
      </Label>
      <div className="flex flex-wrap gap-3">
        <Select
          aria-describedby="timeZone-hint"
          aria-invalid={fault}
          className="min-w-0 flex-1 basis-64 sm:max-w-sm"
          id="timeZone"
          name="timeZone"
          onChange={(event) => choose(event.currentTarget.value)}
          value={zone}
        >
          {zones.map((group) => (
            <optgroup key={group.region} label={group.region ?? t("timeZone.other")}>
              {group.zones.map(({ id, city }) => (
                <option key={id} value={id}>
                  {city}
                </option>
              ))}
            </optgroup>
          ))}
        </Select>
        {offered && device !== zone && (
          <Button className="h-auto min-h-10 whitespace-normal" onClick={() => choose(device)}>
            {t("timeZone.device", { zone: named(device) })}
          </Button>
        )}
      </div>
      <p
        className={fault ? "mt-1.5 text-sm text-danger" : "mt-1.5 text-xs text-ink-muted"}
        id="timeZone-hint"
      >
        {fault ? t("fault.timeZone") : t("timeZone.hint")}
      </p>
      <div aria-live="polite">
        {zone !== saved && (
          <Alert
            className="mt-3"
            icon={Globe}
            title={t("timeZone.effect.title", { zone: named(zone) })}
            tone="info"
          >
            <ul className="list-disc space-y-0.5 pl-4">
              {(["bookings", "hours", "days", "events"] as const).map((effect) => (
                <li key={effect}>{t(`timeZone.effect.${effect}`)}</li>
              ))}
            </ul>
          </Alert>
        )}
      </div>
    </div>
  );
}
