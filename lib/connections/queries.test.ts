import { beforeEach, describe, expect, it } from "vitest";
import { disconnectConsequences } from "@/lib/connections/queries";
import { requestSync } from "@/lib/connections/request-sync";
import { getIntegration } from "@/lib/reporting/integrations";
import { createEventRow } from "@/tests/support/booking-factories";
import { calendarWorld, NOW } from "@/tests/support/calendar-world";

const world = calendarWorld({ isPrimary: true, syncedSeq: 1, syncedThrough: NOW, lastSyncedAt: NOW });
const { ctx } = world;

beforeEach(async () => {
  await world.addCalendar({ selected: false });
  await world.addCalendar({ selected: false, canWrite: false });
  const { userId } = world.person;
  const startsAt = new Date(NOW.getTime() + 3_600_000);
  const endsAt = new Date(NOW.getTime() + 7_200_000);
  await createEventRow(world.database.db, { userId, calendarId: world.calendarId, startsAt, endsAt });
});

describe("what a person sees", () => {
  it("has the contract's fields, health earned from evidence, and the last run", async () => {
    await requestSync(world.services, ctx(), world.connectionId);
    const integration = await getIntegration(world.services, ctx(), world.connectionId);
    expect(integration).toMatchObject({
      provider: "google",
      status: "connected",
      statusReason: null,
      capabilities: { readEvents: true, writeEvents: true },
      lastRun: { trigger: "manual", status: "running" },
      pendingExports: 0,
    });
    expect(
      integration.calendars.map(({ primary, checkForConflicts, state }) => [
        primary,
        checkForConflicts,
        state,
      ]),
    ).toEqual([
      [true, true, "ok"],
      [false, false, "ok"],
      [false, false, "ok"],
    ]);
    world.clock.advance(3_600_000);
    expect(await getIntegration(world.services, ctx(), world.connectionId)).toMatchObject({
      statusReason: "sync_delayed",
    });
  });

  it("counts what a disconnect would take away", async () => {
    expect((await disconnectConsequences(ctx(), [world.connectionId])).get(world.connectionId)).toEqual({
      calendars: 1,
      busyBlocks: 1,
      exportedEvents: 0,
    });
  });
});
