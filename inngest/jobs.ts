import { expireAttempts } from "@/lib/connections/attempts";
import { refreshStaleCalendarLists } from "@/lib/connections/refresh-calendars";
import { refreshDueTokens } from "@/lib/connections/refresh-due-tokens";
import type { Services } from "@/lib/connections/services";
import { expireData } from "@/lib/privacy/expire-data";
import { finishDueDisconnects } from "@/lib/sync/finish-disconnect";
import { findCalendarsToReconcile, findDueCalendars, syncCalendars } from "@/lib/sync/sync-due";

export type JobResult = Record<string, unknown>;
export interface JobOptions {
  connectionId?: string;
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
  "refresh-tokens": async (services: Services) => ({ ...(await refreshDueTokens(services)) }),
  "refresh-calendars": async (services: Services) => ({ ...(await refreshStaleCalendarLists(services)) }),
  "finish-disconnects": async (services: Services) => ({ ...(await finishDueDisconnects(services)) }),
  "expire-data": async (services: Services) => {
    const now = services.clock.now();
    return { attempts: await expireAttempts(services.db, now), ...(await expireData(services.db, now)) };
  },
} satisfies Record<string, (services: Services, options?: JobOptions) => Promise<JobResult>>;

export type JobName = keyof typeof JOBS;
