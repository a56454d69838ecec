import { type BookingTarget, bookingTargets } from "@/app/(dashboard)/services/booking-targets";
import type { ServiceValues } from "@/app/(dashboard)/services/service";
import type { ConnectionView } from "@/lib/connections/integration-view";

/** A service as the list shows it. */
export interface ServiceListing extends ServiceValues {
  id: string;
  publicUrl: string;
  targets: BookingTarget[];
}

export function toListing(
  service: ServiceValues & { id: string },
  of: { origin: string; handle: string; connections: readonly ConnectionView[] },
): ServiceListing {
  return {
    ...service,
    publicUrl: `${publicBase(of)}${service.slug}`,
    targets: bookingTargets(of.connections, service.targetCalendarId),
  };
}

/** What all public addresses of a person begin with. */
export function publicBase({ origin, handle }: { origin: string; handle: string }): string {
  return `${origin}/book/${handle}/`;
}
