import { eventData } from "@/inngest/events";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import type { Services } from "@/lib/connections/services";
import { exportConnection } from "@/lib/sync/export/export-connection";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { syncCalendars } from "@/lib/sync/sync-due";

/** Does in this process what the functions of the queue do with a nudge. Throws for one it does not know. */
export async function performNudge(
  services: Services,
  nudge: { name: string; data: unknown },
): Promise<void> {
  switch (nudge.name) {
    case "calendar/sync.requested":
      await syncCalendars(services, eventData(nudge.name, nudge).calendarIds, "manual");
      return;
    case "connection/calendars.stale":
      await refreshCalendars(services, eventData(nudge.name, nudge).connectionId);
      return;
    case "connection/disconnected":
      await finishDisconnect(services, eventData(nudge.name, nudge).connectionId);
      return;
    case "connection/exports.due":
      await exportConnection(services, eventData(nudge.name, nudge).connectionId, "booking");
      return;
    default:
      throw new Error(`nobody knows what ${nudge.name} asks for`);
  }
}
