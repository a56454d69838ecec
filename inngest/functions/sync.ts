import type { Inngest } from "inngest";
import { eventData } from "@/inngest/events";
import { withBeat } from "@/inngest/job-beats";
import type { Services } from "@/lib/connections/services";
import { findDueCalendars, type SoonAgain, shards, syncAsked, syncCalendars } from "@/lib/sync/sync-due";

/** Each minute: which calendars are due, handed out in shards. One run for many calendars, never one for each. */
export function syncTick(client: Inngest, services: Services) {
  return client.createFunction(
    { id: "sync-tick", triggers: [{ cron: "* * * * *" }], concurrency: { limit: 1 }, retries: 0 },
    async ({ step, runId }) => {
      const due = await step.run("find-due", () =>
        withBeat(services, "sync-tick", async () =>
          shards(await findDueCalendars(services.db, services.clock.now())),
        ),
      );
      if (due.length === 0) return { calendars: 0 };
      await step.sendEvent(
        "hand-out",
        due.map((calendarIds, index) => ({
          id: `tick-${runId}-${index}`,
          name: "calendar/shard.due",
          data: { calendarIds },
        })),
      );
      return { calendars: due.reduce((sum, shard) => sum + shard.length, 0) };
    },
  );
}

export function syncShard(client: Inngest, services: Services) {
  return client.createFunction(
    { id: "sync-shard", triggers: [{ event: "calendar/shard.due" }], concurrency: { limit: 4 }, retries: 0 },
    async ({ event, step }) => {
      const { calendarIds } = eventData("calendar/shard.due", event);
      return step.run("sync", () => syncCalendars(services, calendarIds, "schedule", { onlyIfDue: true }));
    },
  );
}

/**
 * A vendor says that something changed. No delay: what arrives during a round causes one more. Those that wait for the
 * end of a flood hold a place as well, so there are more places than calendars that could be read at once.
 */
export function calendarChanged(client: Inngest, services: Services) {
  return client.createFunction(
    {
      id: "calendar-changed",
      triggers: [{ event: "calendar/changed" }],
      concurrency: { limit: 50 },
      retries: 0,
    },
    async ({ event, step }) => {
      const { connectionId, calendarIds, retryAt } = eventData("calendar/changed", event);
      const { again, ...totals } = await step.run("sync", () =>
        syncAsked(services, calendarIds, { trigger: "push", retryAt }),
      );
      if (again.length > 0) await step.sendEvent("again", retries("calendar/changed", connectionId, again));
      return totals;
    },
  );
}

/** A person's wish. The lease is the lock; what arrives during a round causes one more. */
export function syncRequested(client: Inngest, services: Services) {
  return client.createFunction(
    {
      id: "sync-requested",
      triggers: [{ event: "calendar/sync.requested" }],
      concurrency: { limit: 20 },
      retries: 1,
    },
    async ({ event, step }) => {
      const { connectionId, calendarIds, retryAt } = eventData("calendar/sync.requested", event);
      const { again, ...totals } = await step.run("sync", () =>
        syncAsked(services, calendarIds, { trigger: "manual", retryAt }),
      );
      if (again.length > 0)
        await step.sendEvent("again", retries("calendar/sync.requested", connectionId, again));
      return totals;
    },
  );
}

/** After a failure, at the moment the tables name. Whoever reads the calendar before leaves them nothing to do. */
function retries(
  name: "calendar/changed" | "calendar/sync.requested",
  connectionId: string,
  again: readonly SoonAgain[],
) {
  return again.map(({ calendarId, at }) => ({
    id: `retry-${calendarId}-${at}`,
    name,
    data: { connectionId, calendarIds: [calendarId], retryAt: at },
    ts: at,
  }));
}
