import { visitByLink, visitProvider } from "@/lib/bookings/public-gate";
import { loadOffered } from "@/lib/bookings/public-provider";
import type { Services } from "@/lib/connections/services";
import { AppError } from "@/lib/platform/errors";

/** What the address of a page for people without an account names. */
export type PublicAddress = { handle: string; slug: string | null } | { token: string };

/** Whether such an address leads to something, for whoever must know before the page is drawn. */
export async function leadsSomewhere(
  services: Services,
  address: PublicAddress,
  now: Date,
): Promise<boolean> {
  try {
    if ("token" in address) await visitByLink(services, address.token, now);
    else {
      const visit = await visitProvider(services, address.handle, now);
      if (address.slug !== null) await loadOffered(visit, address.slug);
    }
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return false;
    throw error;
  }
}
