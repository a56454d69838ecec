import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { bookings } from "@/db/schema/bookings";
import { bulkChanges } from "@/db/schema/bulk-changes";
import { calendarSyncLogs } from "@/db/schema/calendars";
import type { calendarExportedBookings } from "@/db/schema/exports";
import { findDeadConnections } from "@/lib/connections/dead-connections";
import { requireReconnect } from "@/lib/connections/require-reconnect";
import { newId } from "@/lib/platform/ids";
import { displacedEvents } from "@/lib/reporting/displaced-events";
import { listEvents } from "@/lib/reporting/events";
import { exportHealth } from "@/lib/reporting/export-health";
import { createBookingRow, createEventRow, createServiceRow } from "@/tests/support/booking-factories";
import { calendarWorld, NOW } from "@/tests/support/calendar-world";
import { createExportRow } from "@/tests/support/exported";
import { createPerson } from "@/tests/support/factories";

const world = calendarWorld();

let service: Awaited<ReturnType<typeof createServiceRow>>;
beforeEach(async () => {
  service = await createServiceRow(world.database.db, world.person.userId);
});

let hour = 8;
async function exported(
  overrides: Partial<typeof calendarExportedBookings.$inferInsert>,
  day = "2026-11-25",
): Promise<{ bookingId: string; startsAt: Date; endsAt: Date; externalId: string }> {
  hour = hour === 20 ? 8 : hour + 1;
  const startsAt = new Date(`${day}T${String(hour).padStart(2, "0")}:00:00Z`);
  const endsAt = new Date(startsAt.getTime() + 1_800_000);
  const bookingId = await createBookingRow(world.database.db, service, { startsAt, endsAt, createdAt: NOW });
  const externalId = newId(NOW);
  const words = { start: startsAt.toISOString(), end: endsAt.toISOString(), title: "A", location: null };
  await createExportRow(
    world.services,
    bookingId,
    {
      userId: world.person.userId,
      connectionId: world.connectionId,
      calendarId: world.calendarId,
      calendarExternalId: "practice",
    },
    words,
    { externalId, ...overrides },
  );
  return { bookingId, startsAt, endsAt, externalId };
}

const open = { wantedSeq: 2, doneSeq: 1 };
const health = async (ctx = world.person.ctx(NOW)) =>
  (await exportHealth(ctx, [world.connectionId])).get(world.connectionId);

it("leaves to the notice of an open wholesale change what went with it, and counts it once that is decided", async () => {
  const id = newId(NOW);
  const place = {
    id,
    userId: world.person.userId,
    connectionId: world.connectionId,
    calendarId: world.calendarId,
  };
  const times = { since: NOW, through: NOW, detectedAt: NOW, before: 5, gone: 5, moved: 0 };
  await world.database.db.insert(bulkChanges).values({ ...place, ...times });
  await exported({ remoteState: "deleted", bulkChangeId: id });
  await exported({ remoteState: "edited" });
  expect((await health())?.changed).toBe(1);
  await world.database.db
    .update(bulkChanges)
    .set({ decision: "held", decidedAt: NOW })
    .where(eq(bulkChanges.id, id));
  expect((await health())?.changed).toBe(2);
});

it("counts what is on its way, what failed by its cause, and what its owner changed", async () => {
  const soon = new Date(NOW.getTime() + 60_000);
  await exported({});
  await exported(open);
  await exported({ ...open, errorCode: "transient", nextAttemptAt: soon });
  await exported({
    ...open,
    errorCode: "permission_denied",
    nextAttemptAt: new Date(NOW.getTime() + 120_000),
  });
  await exported({
    ...open,
    errorCode: "permission_denied",
    nextAttemptAt: new Date(NOW.getTime() + 120_000),
  });
  await exported({ remoteState: "edited" });
  await exported({ ...open, desired: "left" });
  await exported({ ...open, errorCode: "transient" }, "2026-11-20");
  expect(await health()).toEqual({
    pending: 1,
    failed: [
      { code: "permission_denied", count: 2 },
      { code: "transient", count: 1 },
    ],
    retryAt: soon.toISOString(),
    changed: 1,
    addedByConnect: 0,
  });
  const stranger = await createPerson(world.database.db);
  expect(await health(stranger.ctx(NOW))).toMatchObject({ pending: 0, failed: [], changed: 0 });
});

it("tells for a day how many bookings a reconnect caught up with", async () => {
  const run = (startedAt: Date, trigger: "connect" | "booking", count: number) => ({
    id: newId(startedAt),
    connectionId: world.connectionId,
    userId: world.person.userId,
    trigger,
    kind: "export" as const,
    status: "succeeded" as const,
    changeSeq: 0,
    startedAt,
    lastRunAt: startedAt,
    exported: count,
  });
  await world.database.db
    .insert(calendarSyncLogs)
    .values([
      run(new Date(NOW.getTime() - 3_600_000), "connect", 2),
      run(new Date(NOW.getTime() - 3_600_000), "booking", 5),
      run(new Date(NOW.getTime() - 90_000_000), "connect", 7),
    ]);
  expect(await health()).toMatchObject({ addedByConnect: 2 });
});

it("counts for the banner the bookings a dead account misses since its death", async () => {
  await exported(open);
  const before = await exported(open);
  await world.database.db
    .update(bookings)
    .set({ createdAt: new Date(NOW.getTime() - 60_000) })
    .where(eq(bookings.id, before.bookingId));
  await requireReconnect(world.database.db, {
    connectionId: world.connectionId,
    generation: 1,
    reason: "revoked",
    now: NOW,
  });
  expect(await findDeadConnections(world.person.ctx(NOW))).toMatchObject([
    { id: world.connectionId, missing: 1 },
  ]);
});

it("lists no event of ours but one its owner moved, and knows the booking of that one", async () => {
  const range = { from: new Date("2026-11-25T00:00:00Z"), to: new Date("2026-11-26T00:00:00Z") };
  const kept = await exported({});
  const moved = await exported({ remoteState: "moved" });
  const at = { startsAt: new Date("2026-11-25T21:00:00Z"), endsAt: new Date("2026-11-25T22:00:00Z") };
  const place = { userId: world.person.userId, calendarId: world.calendarId };
  await createEventRow(world.database.db, { ...place, ...kept }, { externalId: kept.externalId, own: true });
  const elsewhere = await createEventRow(
    world.database.db,
    { ...place, ...at },
    { externalId: moved.externalId, displaced: true },
  );
  const foreign = await createEventRow(world.database.db, { ...place, ...at }, { title: "Theatre" });
  const ctx = world.person.ctx(NOW);
  const { data } = await listEvents(ctx, range, { limit: 10, cursor: null });
  expect(data.map(({ id }) => id).sort()).toEqual([elsewhere.id, foreign.id].sort());
  const found = await displacedEvents(ctx, [elsewhere.id, foreign.id]);
  expect([...found]).toEqual([
    [
      elsewhere.id,
      {
        bookingId: moved.bookingId,
        clientName: "Client",
        start: moved.startsAt.toISOString(),
        end: moved.endsAt.toISOString(),
      },
    ],
  ]);
});
