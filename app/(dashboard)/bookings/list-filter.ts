import type { BookingFilter } from "@/lib/bookings/list-bookings";

export const SHOWN = ["upcoming", "past", "cancelled"] as const;
export type Shown = (typeof SHOWN)[number];

/** What an address asks for; anything unknown shows what is to come. */
export function readShown(value: string): Shown {
  return SHOWN.find((one) => one === value) ?? "upcoming";
}

/** The list's address; the usual one is bare. */
export function bookingsHref(shown: Shown, cursor?: string): string {
  const query = new URLSearchParams();
  if (shown !== "upcoming") query.set("show", shown);
  if (cursor !== undefined) query.set("cursor", cursor);
  return query.size === 0 ? "/bookings" : `/bookings?${query}`;
}

/** What is to come begins with the next one, everything else with the latest. */
export function filterFor(shown: Shown, now: Date): BookingFilter {
  switch (shown) {
    case "upcoming":
      return { status: "confirmed", from: now };
    case "past":
      return { status: "confirmed", endedBy: now, latestFirst: true };
    case "cancelled":
      return { status: "cancelled", latestFirst: true };
  }
}
