import { forgetClaimsAhead } from "@/inngest/cron-claims";
import { performOutbox } from "@/inngest/perform-outbox";
import { renderMail } from "@/inngest/render-mail";
import { expireAttempts } from "@/lib/connections/attempts";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { refreshDueTokens } from "@/lib/connections/refresh-due-tokens";
import { refreshStaleCalendarLists, refreshToldLists } from "@/lib/connections/refresh-lists";
import type { Services } from "@/lib/connections/services";
import { settleNotices } from "@/lib/connections/settle-notices";
import { sendDueMails } from "@/lib/mail/send-due-mails";
import { settleOperatorNotices } from "@/lib/organizations/operator-notices";
import { expireData } from "@/lib/privacy/expire-data";
import { watch } from "@/lib/reporting/watchdog";
import { exportDue } from "@/lib/sync/export/export-connection";
import { finishDisconnect, finishDueDisconnects } from "@/lib/sync/finish-disconnect";
import { runDueProbes } from "@/lib/sync/probe/run-probe";
import { findCalendarsToReconcile, findDueCalendars, syncCalendars } from "@/lib/sync/sync-due";
import { renewWatches } from "@/lib/sync/watches/renew-watches";

export type JobResult = Record<string, unknown>;
export interface JobOptions {
  connectionId?: string | undefined;
}

/** Every scheduled job as one verb. The instant it runs as is its services' clock. */
export const JOBS = {
  "sync-tick": async (services: Services, { connectionId }: JobOptions = {}) => ({
    ...(await syncCalendars(
      services,
      await findDueCalendars(services.db, services.clock.now(), connectionId),
      "schedule",
      { onlyIfDue: true },
    )),
  }),
  reconcile: async (services: Services, { connectionId }: JobOptions = {}) => ({
    ...(await syncCalendars(
      services,
      await findCalendarsToReconcile(services.db, services.clock.now(), connectionId),
      "window",
    )),
  }),
  "refresh-tokens": async (services: Services, { connectionId }: JobOptions = {}) => ({
    ...(await refreshDueTokens(services, { connectionId })),
  }),
  "refresh-calendars": async (services: Services, { connectionId }: JobOptions = {}) => {
    if (connectionId === undefined) return { ...(await refreshStaleCalendarLists(services)) };
    return {
      due: 1,
      refreshed: (await refreshCalendars(services, connectionId)) === null ? 0 : 1,
      failed: 0,
    };
  },
  "renew-watches": async (services: Services, { connectionId }: JobOptions = {}) => ({
    ...(await renewWatches(services, { connectionId })),
    listsRead: (await refreshToldLists(services, { connectionId })).refreshed,
  }),
  "export-pending": async (services: Services, { connectionId }: JobOptions = {}) => ({
    ...(await exportDue(services, { connectionId })),
  }),
  "run-probes": async (services: Services, { connectionId }: JobOptions = {}) => ({
    ...(await runDueProbes(services, { connectionId })),
  }),
  "drain-outbox": async (services: Services) => ({ ...(await performOutbox(services)) }),
  "finish-disconnects": async (services: Services, { connectionId }: JobOptions = {}) => {
    if (connectionId === undefined) return { ...(await finishDueDisconnects(services)) };
    const { status } = await finishDisconnect(services, connectionId);
    return { due: status === "skipped" ? 0 : 1, done: status === "done" ? 1 : 0, failed: 0 };
  },
  "send-notifications": async (services: Services) => ({ ...(await sendDueMails(services, renderMail)) }),
  watchdog: async (services: Services) => {
    const now = services.clock.now();
    const { report, troubles } = await watch(services);
    await settleOperatorNotices(services.db, troubles, now);
    await settleNotices(services.db, now);
    await forgetClaimsAhead(services.db, now);
    return { ...report };
  },
  "expire-data": async (services: Services) => {
    const now = services.clock.now();
    return { attempts: await expireAttempts(services.db, now), ...(await expireData(services.db, now)) };
  },
} satisfies Record<string, (services: Services, options?: JobOptions) => Promise<JobResult>>;

export type JobName = keyof typeof JOBS;

/** These look at the installation as a whole; one connection of it cannot be picked. */
export const WHOLE_INSTALLATION: ReadonlySet<JobName> = new Set([
  "drain-outbox",
  "send-notifications",
  "watchdog",
  "expire-data",
]);
