import { hash } from "node:crypto";

interface ExportPlace {
  /** This installation's own address, so that a copy of the database elsewhere names other events. */
  readonly installation: string;
  readonly bookingId: string;
  readonly provider: string;
  readonly calendarExternalId: string;
  /** Counts the ids the vendor would not take back. */
  readonly generation: number;
}

/**
 * The name of one booking's event in one calendar: the same at every retry. Letters and digits as Google takes them
 * for event ids (`a-v`, `0-9`: https://developers.google.com/workspace/calendar/api/v3/reference/events).
 */
export function exportKey(place: ExportPlace): string {
  const { installation, bookingId, provider, calendarExternalId, generation } = place;
  const named = JSON.stringify([installation, bookingId, provider, calendarExternalId, generation]);
  return `ent${hash("sha256", named, "hex").slice(0, 40)}`;
}
