import { orNotFound } from "@/app/_components/public/or-not-found";
import { requireCtx } from "@/app/_session/gate";
import type { Booking } from "@/app/(dashboard)/bookings/booking";
import { toBooking } from "@/app/(dashboard)/bookings/to-view";
import { runtime } from "@/inngest/runtime";
import { getBooking } from "@/lib/bookings/list-bookings";
import type { ConnectionView } from "@/lib/connections/integration-view";
import { listConnections } from "@/lib/connections/queries";

interface OwnBooking {
  booking: Booking;
  serviceId: string;
  connections: ConnectionView[];
}

/** One of the signed-in person's bookings, or the page that says there is nothing here. */
export async function readOwnBooking(id: string): Promise<OwnBooking> {
  const ctx = await requireCtx();
  const view = await orNotFound(getBooking(ctx, id));
  const connections = await listConnections(runtime().services, ctx);
  return { booking: toBooking(view, connections, ctx.now), serviceId: view.serviceId, connections };
}
