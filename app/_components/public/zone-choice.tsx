import { Globe } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTimeWords, zoneCity } from "@/app/_components/public/use-time-words";
import type { Visit } from "@/app/_components/public/visit";
import { timeZoneGroups } from "@/app/_components/time-zones";
import { Button } from "@/app/_components/ui/button";
import { Label, Select } from "@/app/_components/ui/field";

interface ZoneChoiceProps {
  visit: Visit;
  /** The page this form leads back to, with everything else chosen so far. */
  path: string;
  /** A moment that is shown, to name the zone's offset by. */
  at: Date;
  provider: { name: string; timeZone: string };
}

/** Says in which zone every time on the page is, and changes it: a form that only asks, so it needs no script. */
export function ZoneChoice({ visit, path, at, provider }: ZoneChoiceProps) {
  const t = useTranslations("publicBooking.zone");
  const words = useTimeWords(visit.zone);
  return (
    <div className="text-sm">
      <details className="group rounded-control border bg-surface open:shadow-card">
        <summary className="flex min-h-11 items-center gap-2.5 rounded-control px-3 py-2 hover:bg-sunken">
          <Globe aria-hidden className="size-4 shrink-0 text-ink-muted" />
          <span className="min-w-0 flex-1 break-words">{t("shown", { zone: words.zone(at) })}</span>
          <span className="font-medium text-brand group-open:hidden">{t("change")}</span>
        </summary>
        <form action={path} className="flex flex-wrap items-end gap-3 border-t p-3" method="get">
          {Object.entries(visit.query).map(([name, value]) =>
            name === "zone" || typeof value !== "string" ? null : (
              <input key={name} name={name} type="hidden" value={value} />
            ),
          )}
          <div className="min-w-0 flex-1 basis-56">
            <Label className="mb-1.5" htmlFor="zone">
              {t("label")}
            </Label>
            <Select className="[&>select]:h-11" defaultValue={visit.zone} id="zone" name="zone">
              {timeZoneGroups(visit.zone).map(({ region, zones }) => (
                <optgroup key={region} label={region ?? t("other")}>
                  {zones.map(({ id, city }) => (
                    <option key={id} value={id}>
                      {city}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Select>
          </div>
          <Button className="h-11" type="submit">
            {t("apply")}
          </Button>
        </form>
      </details>
      {provider.timeZone !== visit.zone && (
        <p className="mt-2 text-ink-muted">
          {t("differs", { name: provider.name, zone: zoneCity(provider.timeZone) })}
        </p>
      )}
    </div>
  );
}
