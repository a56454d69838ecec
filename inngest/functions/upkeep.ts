import type { Inngest } from "inngest";
import { eventData } from "@/inngest/events";
import { withBeat } from "@/inngest/job-beats";
import { JOBS, type JobName, type JobResult } from "@/inngest/jobs";
import type { OutboxPump } from "@/inngest/outbox-pump";
import { renderMail } from "@/inngest/render-mail";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import type { Services } from "@/lib/connections/services";
import { sendDueMails } from "@/lib/mail/send-due-mails";
import { exportConnection } from "@/lib/sync/export/export-connection";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { runProbe } from "@/lib/sync/probe/run-probe";
import { renewWatches } from "@/lib/sync/watches/renew-watches";

/** A verb of the job table on its own clock. */
export function scheduledJob(client: Inngest, services: Services, name: JobName, cron: string) {
  return client.createFunction(
    { id: name, triggers: [{ cron }], concurrency: { limit: 1 }, retries: 0 },
    async ({ step }) =>
      step.run("run", () => withBeat<JobResult>(services, name, () => JOBS[name](services))),
  );
}

export function calendarsStale(client: Inngest, services: Services) {
  return client.createFunction(
    {
      id: "calendars-stale",
      triggers: [{ event: "connection/calendars.stale" }],
      concurrency: { limit: 5 },
      retries: 1,
    },
    async ({ event, step }) => {
      const { connectionId } = eventData("connection/calendars.stale", event);
      return step.run("refresh", () => refreshCalendars(services, connectionId));
    },
  );
}

export function connectionDisconnected(client: Inngest, services: Services) {
  return client.createFunction(
    {
      id: "connection-disconnected",
      triggers: [{ event: "connection/disconnected" }],
      concurrency: { limit: 5 },
      retries: 1,
    },
    async ({ event, step }) => {
      const { connectionId } = eventData("connection/disconnected", event);
      return step.run("finish", () => finishDisconnect(services, connectionId));
    },
  );
}

/** What is read of a connection changed, so its vendor shall tell of other calendars. */
export function watchesDue(client: Inngest, services: Services) {
  return client.createFunction(
    {
      id: "watches-due",
      triggers: [{ event: "connection/watches.due" }],
      concurrency: { limit: 5 },
      retries: 0,
    },
    async ({ event, step }) => {
      const { connectionId } = eventData("connection/watches.due", event);
      return step.run("renew", () => renewWatches(services, { connectionId }));
    },
  );
}

/** A write owed a mail. One run sends all there is, and takes what comes meanwhile. */
export function mailDue(client: Inngest, services: Services) {
  return client.createFunction(
    { id: "mail-due", triggers: [{ event: "mail/due" }], concurrency: { limit: 2 }, retries: 0 },
    async ({ step }) => step.run("send", () => sendDueMails(services, renderMail)),
  );
}

/** A booking or a setting wants something of a connection's calendars. The lease of each event is the lock. */
export function exportsDue(client: Inngest, services: Services) {
  return client.createFunction(
    {
      id: "exports-due",
      triggers: [{ event: "connection/exports.due" }],
      concurrency: { limit: 10 },
      retries: 1,
    },
    async ({ event, step }) => {
      const { connectionId } = eventData("connection/exports.due", event);
      return step.run("export", () => exportConnection(services, connectionId, "booking"));
    },
  );
}

/** A test of a calendar goes on. Whoever looks again later is a nudge as well: lost, the schedule looks instead. */
export function probeDue(client: Inngest, services: Services) {
  return client.createFunction(
    {
      id: "probe-due",
      triggers: [{ event: "calendar/probe.due" }],
      concurrency: { limit: 10 },
      retries: 0,
    },
    async ({ event, step }) => {
      const { probeId } = eventData("calendar/probe.due", event);
      const lookAt = await step.run("run", () => runProbe(services, probeId));
      if (lookAt === null) return;
      const ts = new Date(lookAt).getTime();
      const again = { id: `probe-${probeId}-${ts}`, name: "calendar/probe.due", data: { probeId }, ts };
      await step.sendEvent("look-again", again);
    },
  );
}

/** For nudges whose notification nobody heard. */
export function drainOutboxAgain(client: Inngest, services: Services, pump: OutboxPump) {
  return client.createFunction(
    { id: "drain-outbox", triggers: [{ cron: "* * * * *" }], concurrency: { limit: 1 }, retries: 0 },
    async () => withBeat(services, "drain-outbox", () => pump.drain()),
  );
}
