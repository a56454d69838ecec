// The browser builds these addresses too, so nothing here may bring a calendar library along.
import type { IsoDate } from "@/lib/calendar/iso-date";

/** A stretch of one day somebody asks about, as the address and the form have it: times of their own clock. */
export interface WhyWish {
  date: IsoDate;
  /** `HH:MM`. */
  from: string;
  /** `HH:MM`; `00:00` is the day's end. */
  to: string;
  /** A service whose rules shall count as well; empty for none. */
  serviceId: string;
}

/** `here` is the address of the calendar as it is shown. */
export function whyHref(here: string, { date, from, to }: Omit<WhyWish, "serviceId">): string {
  return `${here}&${new URLSearchParams({ why: date, from, to })}`;
}

/** Wall minutes from midnight as a clock shows them. */
export function clockOf(minute: number): string {
  const [hours, minutes] = [Math.floor(minute / 60) % 24, minute % 60];
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}
