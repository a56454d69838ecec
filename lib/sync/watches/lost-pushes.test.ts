import { inArray } from "drizzle-orm";
import { expect, it } from "vitest";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { performOutbox } from "@/inngest/perform-outbox";
import { SYNC_INTERVAL_MS } from "@/lib/calendar/schedule";
import { createCalendar } from "@/tests/support/factories";
import { MINUTE_MS, pushWorld } from "@/tests/support/push-world";

const world = pushWorld();

it("while every message is lost, each change is here within the five minutes of the schedule", async () => {
  const made = await Promise.all(["Work", "Family", "Club", "School", "Choir"].map(addCalendar));
  const watched = [{ id: world.calendarId, externalId: world.account.email }, ...made];
  await minute();
  expect(await world.renew()).toMatchObject({ made: watched.length });
  await world.deliver();
  world.set("drop", 100);

  const changedAt = new Map<string, number>();
  for (let passed = 0; passed < 45; passed += 1) {
    // Six calendars by turns and an interval of five minutes: changes fall everywhere into it.
    const { externalId } = watched[passed % watched.length] ?? { externalId: "" };
    changedAt.set(await addEvent(externalId, passed), world.clock.now().getTime());
    await minute();
    expect(await world.deliver()).toBe(0);
  }
  for (let passed = 0; passed < 5; passed += 1) await minute();

  const ids = watched.map(({ id }) => id);
  const rows = await world.database.db
    .select({ id: calendarSyncEvents.externalId, learnedAt: calendarSyncEvents.learnedAt })
    .from(calendarSyncEvents)
    .where(inArray(calendarSyncEvents.calendarId, ids));
  expect(rows).toHaveLength(changedAt.size);
  const waits = rows.map(({ id, learnedAt }) => learnedAt.getTime() - (changedAt.get(id) ?? 0));
  expect(Math.max(...waits)).toBeLessThanOrEqual(SYNC_INTERVAL_MS);
  expect(Math.min(...waits)).toBeGreaterThan(0);
});

/** A minute of everybody's life, with all that the schedule and its nudges do in it. */
async function minute(): Promise<void> {
  world.pass(MINUTE_MS);
  await world.tick();
  await performOutbox(world.services);
}

async function addCalendar(summary: string): Promise<{ id: string; externalId: string }> {
  const { id: externalId } = await world.google.act<{ id: string }>("calendars/create", {
    account: world.account.email,
    summary,
  });
  const id = await createCalendar(world.services, world.connectionId, world.person, { externalId });
  return { id, externalId };
}

async function addEvent(calendar: string, index: number): Promise<string> {
  const start = world.clock.now().getTime() + (48 + index) * 3_600_000;
  const time = (ms: number) => ({ dateTime: new Date(ms).toISOString() });
  const event = { summary: `Untold ${index}`, start: time(start), end: time(start + 1_800_000) };
  const { id } = await world.google.act<{ id: string }>("events/create", {
    account: world.account.email,
    calendar,
    event,
  });
  return id;
}
