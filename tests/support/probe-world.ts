import { desc, eq } from "drizzle-orm";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { calendarProbes } from "@/db/schema/probes";
import { performOutbox } from "@/inngest/perform-outbox";
import { lastProbe } from "@/lib/reporting/probes";
import { requestProbe } from "@/lib/sync/probe/request-probe";
import { runDueProbes } from "@/lib/sync/probe/run-probe";
import type { PushWorld } from "./push-world";

/** A test of the calendar of a push world, seen from all sides. */
export function probeOf(world: PushWorld) {
  const ctx = () => world.person.ctx(world.clock.now());
  return {
    ctx,
    ask: () => requestProbe(world.services, ctx(), world.connectionId, world.calendarId),
    /** As its person sees it. */
    last: () => lastProbe(ctx(), world.connectionId, world.calendarId),
    row: async () => {
      const [found] = await world.database.db
        .select()
        .from(calendarProbes)
        .where(eq(calendarProbes.connectionId, world.connectionId))
        .orderBy(desc(calendarProbes.requestedAt));
      if (found === undefined) throw new Error("no probe");
      return found;
    },
    /** What waits in the outbox is done, and what that asked for. */
    work: async () => {
      while ((await performOutbox(world.services)).nudges > 0);
    },
    /** The minute's look at what is due. */
    sweep: () => runDueProbes(world.services, { connectionId: world.connectionId }),
    stored: () =>
      world.database.db
        .select()
        .from(calendarSyncEvents)
        .where(eq(calendarSyncEvents.calendarId, world.calendarId)),
    /** Events that stand at Google, whoever's token still works. */
    standing: async (): Promise<{ id: string; summary: string }[]> => {
      const { vault } = world.google.sandbox;
      const scopes = ["https://www.googleapis.com/auth/calendar.events"];
      const grant = { account: world.account.email, clientId: "the-test", scopes };
      const { token } = vault.issueAccess(grant, false);
      const [origin] = world.google.origins.values();
      const answer = await fetch(`${origin}/calendar/v3/calendars/${world.account.email}/events`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return ((await answer.json()) as { items: { id: string; summary: string }[] }).items;
    },
    /** The calendar's vendor promised to tell, and was heard. */
    heard: async () => {
      await world.renew();
      await world.deliver();
      world.google.sandbox.ledger.reset();
    },
  };
}
