import { eventData } from "@/inngest/events";
import { renderMail } from "@/inngest/render-mail";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import type { Services } from "@/lib/connections/services";
import { sendDueMails } from "@/lib/mail/send-due-mails";
import { exportConnection } from "@/lib/sync/export/export-connection";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { runProbe } from "@/lib/sync/probe/run-probe";
import { syncCalendars } from "@/lib/sync/sync-due";
import { renewWatches } from "@/lib/sync/watches/renew-watches";

/** Does in this process what the functions of the queue do with a nudge. Throws for one it does not know. */
export async function performNudge(
  services: Services,
  nudge: { name: string; data: unknown },
): Promise<void> {
  switch (nudge.name) {
    case "calendar/sync.requested":
      await syncCalendars(services, eventData(nudge.name, nudge).calendarIds, "manual");
      return;
    case "calendar/changed":
      await syncCalendars(services, eventData(nudge.name, nudge).calendarIds, "push");
      return;
    case "calendar/probe.due":
      await runProbe(services, eventData(nudge.name, nudge).probeId);
      return;
    case "connection/watches.due":
      await renewWatches(services, eventData(nudge.name, nudge));
      return;
    case "connection/calendars.stale":
      await refreshCalendars(services, eventData(nudge.name, nudge).connectionId);
      return;
    case "connection/disconnected":
      await finishDisconnect(services, eventData(nudge.name, nudge).connectionId);
      return;
    case "mail/due":
      await sendDueMails(services, renderMail);
      return;
    case "connection/exports.due":
      await exportConnection(services, eventData(nudge.name, nudge).connectionId, "booking");
      return;
    default:
      throw new Error(`nobody knows what ${nudge.name} asks for`);
  }
}
