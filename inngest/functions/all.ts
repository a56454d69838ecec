import type { Inngest } from "inngest";
import { calendarChanged, syncRequested, syncShard, syncTick } from "@/inngest/functions/sync";
import {
  calendarsStale,
  connectionDisconnected,
  drainOutboxAgain,
  exportsDue,
  mailDue,
  probeDue,
  scheduledJob,
  watchesDue,
} from "@/inngest/functions/upkeep";
import type { OutboxPump } from "@/inngest/outbox-pump";
import type { Services } from "@/lib/connections/services";

/** Every function of this installation, for whichever engine runs them. */
export function createFunctions(client: Inngest, services: Services, pump: OutboxPump) {
  return [
    syncTick(client, services),
    syncShard(client, services),
    syncRequested(client, services),
    calendarChanged(client, services),
    calendarsStale(client, services),
    watchesDue(client, services),
    connectionDisconnected(client, services),
    mailDue(client, services),
    exportsDue(client, services),
    probeDue(client, services),
    drainOutboxAgain(client, services, pump),
    scheduledJob(client, services, "reconcile", "13 * * * *"),
    scheduledJob(client, services, "refresh-tokens", "*/5 * * * *"),
    scheduledJob(client, services, "renew-watches", "*/2 * * * *"),
    scheduledJob(client, services, "refresh-calendars", "27 * * * *"),
    scheduledJob(client, services, "finish-disconnects", "* * * * *"),
    scheduledJob(client, services, "send-notifications", "* * * * *"),
    scheduledJob(client, services, "export-pending", "* * * * *"),
    scheduledJob(client, services, "run-probes", "* * * * *"),
    scheduledJob(client, services, "watchdog", "*/5 * * * *"),
    scheduledJob(client, services, "expire-data", "41 3 * * *"),
  ];
}
