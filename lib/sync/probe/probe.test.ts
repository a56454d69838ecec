import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendarSyncEvents, calendarSyncLogs } from "@/db/schema/calendars";
import { calendarProbes } from "@/db/schema/probes";
import { JOBS } from "@/inngest/jobs";
import { performOutbox } from "@/inngest/perform-outbox";
import { lastProbe } from "@/lib/reporting/probes";
import { requestProbe } from "@/lib/sync/probe/request-probe";
import { runProbe } from "@/lib/sync/probe/run-probe";
import { MINUTE_MS, pushWorld } from "@/tests/support/push-world";

const world = pushWorld();
const ctx = () => world.person.ctx(world.clock.now());
const ask = () => requestProbe(world.services, ctx(), world.connectionId, world.calendarId);
const last = () => lastProbe(ctx(), world.connectionId, world.calendarId);
const row = async () => {
  const [found] = await world.database.db
    .select()
    .from(calendarProbes)
    .where(eq(calendarProbes.connectionId, world.connectionId));
  if (found === undefined) throw new Error("no probe");
  return found;
};
const nudges = () => performOutbox(world.services);
const imported = () =>
  world.database.db
    .select()
    .from(calendarSyncEvents)
    .where(eq(calendarSyncEvents.calendarId, world.calendarId));
/** Events of the account that are there. */
const standing = async () => {
  const [origin] = world.google.origins.values();
  const address = `${origin}/calendar/v3/calendars/${world.account.email}/events`;
  const answer = await fetch(address, { headers: { authorization: `Bearer ${world.account.accessToken}` } });
  return ((await answer.json()) as { items: Record<string, unknown>[] }).items;
};
const heard = async () => {
  await world.renew();
  await world.deliver();
};

describe("a test of a calendar", () => {
  it("shows both legs and takes its event away again", async () => {
    await heard();
    const { probeId } = await ask();
    expect(await last()).toMatchObject({ id: probeId, status: "running", writtenMs: null });
    world.set("delay", 60);
    await nudges();
    expect(await standing()).toMatchObject([
      {
        id: (await row()).externalId,
        summary: "Entente test, goes away by itself",
        visibility: "private",
        transparency: "transparent",
        reminders: { useDefault: false },
      },
    ]);
    world.clock.advance(400);
    await world.deliver();
    expect(await last()).toMatchObject({
      status: "succeeded",
      writtenMs: 0,
      pushMs: 400,
      readMs: 400,
      removedMs: 400,
      failure: null,
      trouble: null,
    });
    expect(await standing()).toEqual([]);
    expect(await imported()).toEqual([]);
  });
});
