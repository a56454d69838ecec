import type { Query } from "@/app/_components/public/address";
import { type IsoDate, isIsoDate } from "@/lib/calendar/iso-date";
import { parseTimeZone, type TimeZoneId } from "@/lib/calendar/time-zone";
import { instantField } from "@/lib/platform/instant-field";

/** What a visitor chose so far. All of it stands in the address, so nothing is lost by a link or a reload. */
export interface Visit {
  /** The zone times are shown in. */
  zone: TimeZoneId;
  /** Chosen by hand, so it is carried on. */
  zoneIsChosen: boolean;
  /** The slot, once one was chosen. */
  start: Date | null;
  /** The first day listed, when it is not the next free one. */
  from: IsoDate | null;
  query: { zone: string | null; start: string | null; from: string | null } & Query;
}

/** Reads an address. The zone is the one chosen, else the device's, else `fallback`; what cannot be read is ignored. */
export function readVisit(
  given: Record<string, string | string[] | undefined>,
  zones: { device: string | undefined; fallback: string },
): Visit {
  const chosen = parseTimeZone(given.zone);
  const zone = chosen ?? parseTimeZone(zones.device) ?? parseTimeZone(zones.fallback);
  const start = instantField.safeParse(given.start);
  const from = isIsoDate(given.from) ? given.from : null;
  return {
    zone: zone ?? ("UTC" as TimeZoneId),
    zoneIsChosen: chosen !== null,
    start: start.success ? new Date(start.data) : null,
    from,
    query: { zone: chosen, start: start.success ? new Date(start.data).toISOString() : null, from },
  };
}
