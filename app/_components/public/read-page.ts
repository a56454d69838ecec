import { cookies, headers } from "next/headers";
import type { SearchParams } from "@/app/_components/public/address";
import type { Slot } from "@/app/_components/public/slot-days";
import { readVisit, type Visit } from "@/app/_components/public/visit";
import { TIME_ZONE_COOKIE } from "@/app/_i18n/locale";

/** What the visitor of a page chose, in their device's zone unless they chose another; `fallback` when neither is known. */
export async function readPage(searchParams: SearchParams, fallback: string): Promise<Visit> {
  const [given, jar] = await Promise.all([searchParams, cookies()]);
  return readVisit(given, { device: jar.get(TIME_ZONE_COOKIE)?.value, fallback });
}

/** A slot the visitor chose; one that is not free any more is still shown with the form that was sent for it. */
export type ChosenSlot = Slot & { isFree: boolean };

/** The slot an address names. Null for one that is not free, unless the page answers a form: its words are kept. */
export async function chosenSlot(
  slots: readonly Slot[],
  { start }: Visit,
  durationMs: number,
): Promise<ChosenSlot | null> {
  if (start === null) return null;
  const free = slots.find((slot) => slot.start === start.toISOString());
  if (free !== undefined) return { ...free, isFree: true };
  const sent = (await headers()).get("content-type")?.startsWith("multipart/form-data") ?? false;
  const end = new Date(start.getTime() + durationMs).toISOString();
  return sent ? { start: start.toISOString(), end, isFree: false } : null;
}
