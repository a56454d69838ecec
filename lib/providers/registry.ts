import type { CalendarProvider, Vendor } from "@/lib/providers/calendar-provider";

/** The vendors this installation can talk to. Passed into verbs, so that a test can script a vendor of its own. */
export interface Providers {
  /** Null when the vendor has no credentials here: then it does not exist for users either. */
  find(vendor: Vendor): CalendarProvider | null;
  vendors(): Vendor[];
}

export function createProviders(list: readonly CalendarProvider[]): Providers {
  return {
    find: (vendor) => list.find((provider) => provider.vendor === vendor) ?? null,
    vendors: () => list.map((provider) => provider.vendor),
  };
}
