import { setTimeout as pause } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { bookings, services as offers } from "@/db/schema/bookings";
import { withProviderTime } from "@/db/transaction";
import { cancelBooking } from "@/lib/bookings/cancel-booking";
import { changeBooking } from "@/lib/bookings/change-booking";
import { exportBookingAgain } from "@/lib/bookings/export-again";
import { newId } from "@/lib/platform/ids";
import { createEventRow } from "@/tests/support/booking-factories";
import { bookingWorld, CLIENT, minutesAfter, NOW, type Provider, SLOT } from "@/tests/support/booking-world";

const world = bookingWorld();
const LATER = "2026-11-24T13:00:00.000Z";
const { book } = world;
const change = (provider: Provider, id: string, more: Parameters<typeof changeBooking>[3], now = NOW) =>
  changeBooking(world.services, provider.ctx(now), id, more);
const cancel = (provider: Provider, id: string, now = NOW) =>
  cancelBooking(world.services, provider.ctx(now), id, { reason: "ill" });

/** Until somebody stands in line for a person's lock. */
async function waiting(): Promise<void> {
  const line = `select from pg_locks
    where database = (select oid from pg_database where datname = current_database())
      and locktype = 'advisory' and not granted`;
  while ((await world.database.handle.db.execute(line)).length === 0) await pause(5);
}

describe("moving a booking", () => {
  it("keeps its id, length, buffers and price whatever became of its service, and raises its version", async () => {
    const provider = await world.provider({ priceAmount: 10, priceCurrency: "EUR", bufferAfterMinutes: 30 });
    const made = await book(provider);
    await world.database.db
      .update(offers)
      .set({ durationMinutes: 15, bufferAfterMinutes: 0, priceAmount: 99, active: false })
      .where(eq(offers.id, provider.service.id));
    const moved = await change(provider, made.id, { start: LATER });
    expect(moved).toMatchObject({
      id: made.id,
      start: LATER,
      end: minutesAfter(LATER, 60),
      price: { amount: 10, currency: "EUR" },
      version: 2,
    });
    expect(await world.booking(made.id)).toMatchObject({ bufferAfterMinutes: 30 });
    expect(await world.auditOf(made.id)).toEqual(["booking.created", "booking.changed"]);
  });

  it("into a time that overlaps its own is no collision, neither with itself nor with its own event", async () => {
    const { provider, calendarId } = await world.exporting();
    const made = await book(provider);
    await world.written(made.id, "ent1", made);
    // As stored before our row of it was known: not marked as our own.
    const { userId } = provider;
    const place = { userId, calendarId, startsAt: new Date(made.start), endsAt: new Date(made.end) };
    await createEventRow(world.database.db, place, { externalId: "ent1" });
    const moved = await change(provider, made.id, { start: minutesAfter(SLOT, 30) });
    expect(moved).toMatchObject({
      start: minutesAfter(SLOT, 30),
      version: 2,
      exports: [{ status: "pending" }],
    });
  });

  it("frees what it held and is refused what others hold, with free slots around", async () => {
    const provider = await world.provider();
    const [first, second] = [await book(provider), await book(provider, { start: LATER })];
    await expect(change(provider, first.id, { start: LATER })).rejects.toMatchObject({
      code: "slot_unavailable",
      extra: { slots: expect.arrayContaining([expect.objectContaining({ start: minutesAfter(LATER, 60) })]) },
    });
    await change(provider, second.id, { start: minutesAfter(LATER, 60) });
    expect(await change(provider, first.id, { start: LATER })).toMatchObject({ version: 2 });
    await book(provider);
  });

  it.each([
    ["2026-11-24T10:07:00.000Z", "invalid_input"],
    ["2026-11-20T10:00:00.000Z", "invalid_input"],
    ["2026-11-29T10:00:00.000Z", "invalid_input"],
    ["2027-06-01T10:00:00.000Z", "range_too_far"],
  ])("to %s is refused and changes nothing", async (start, code) => {
    const provider = await world.provider();
    const made = await book(provider);
    await expect(change(provider, made.id, { start })).rejects.toMatchObject({ code });
    expect(await world.booking(made.id)).toMatchObject({ version: 1, startsAt: new Date(SLOT) });
  });

  it("to where it was is a move also when somebody moves it away between the look and the lock", async () => {
    const provider = await world.provider();
    const { id } = await book(provider);
    let held: Promise<unknown> = Promise.resolve();
    await withProviderTime(world.database.db, provider.userId, async (tx) => {
      held = change(provider, id, { start: SLOT, instructions: "Here" });
      await waiting();
      const away = { startsAt: new Date(LATER), endsAt: new Date(minutesAfter(LATER, 60)), version: 2 };
      await tx.update(bookings).set(away).where(eq(bookings.id, id));
    });
    expect(await held).toMatchObject({ start: SLOT, instructions: "Here", version: 3 });
  });

  it("once it has begun is refused; its words may still be edited", async () => {
    const provider = await world.provider();
    const made = await book(provider);
    const during = new Date(minutesAfter(SLOT, 10));
    const refused = change(provider, made.id, { start: LATER }, during);
    await expect(refused).rejects.toMatchObject({ code: "conflict" });
    expect(await change(provider, made.id, { instructions: "late" }, during)).toMatchObject({ version: 2 });
  });
});

describe("editing a booking", () => {
  it("changes what is given, keeps the rest, and writes its events again", async () => {
    const { provider } = await world.exporting();
    const made = await book(provider, { address: "1 rue X", instructions: "ring" });
    await world.written(made.id, "ent2", made);
    const edited = await change(provider, made.id, {
      client: { name: "Zoé Petit" },
      address: null,
      instructions: "knock",
    });
    expect(edited).toMatchObject({
      start: SLOT,
      client: { ...CLIENT, name: "Zoé Petit" },
      address: null,
      instructions: "knock",
      version: 2,
      exports: [{ status: "pending", externalEventId: "ent2" }],
    });
  });

  it("to what it is already is no change", async () => {
    const provider = await world.provider();
    const made = await book(provider, { address: "1 rue X" });
    const same = { start: SLOT, client: CLIENT, address: "1 rue X" };
    expect(await change(provider, made.id, same)).toEqual(made);
    expect(await change(provider, made.id, {})).toEqual(made);
    expect(await world.auditOf(made.id)).toEqual(["booking.created"]);
  });

  it("with a version only while nobody else changed it; of two at once, one wins", async () => {
    const provider = await world.provider();
    const made = await book(provider);
    const both = await Promise.allSettled([
      change(provider, made.id, { instructions: "one", version: 1 }),
      change(provider, made.id, { instructions: "two", version: 1 }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "version_conflict" },
    });
    const stale = change(provider, made.id, { start: LATER, version: 1 });
    await expect(stale).rejects.toMatchObject({ code: "version_conflict" });
    expect(await change(provider, made.id, { start: LATER, version: 2 })).toMatchObject({ version: 3 });
  });

  it.each([
    { price: null },
    { status: "cancelled" },
    { serviceId: newId(NOW) },
    { end: LATER },
    { version: 0 },
    { client: { name: "a\nb" } },
    { client: { role: "admin" } },
  ])("refuses %j", async (body) => {
    const provider = await world.provider();
    const made = await book(provider);
    await expect(change(provider, made.id, body as never)).rejects.toMatchObject({ code: "invalid_input" });
    expect(await world.booking(made.id)).toMatchObject({ version: 1 });
  });
});

describe("cancelling a booking", () => {
  it("frees its time, takes its events back, and is done once", async () => {
    const { provider } = await world.exporting();
    const made = await book(provider);
    await world.written(made.id, "ent3", made);
    const gone = await cancel(provider, made.id);
    expect(gone).toMatchObject({
      status: "cancelled",
      version: 2,
      cancelledBy: "provider",
      cancelReason: "ill",
      cancelledAt: NOW.toISOString(),
      exports: [{ status: "pending" }],
    });
    expect((await world.exportsOf(made.id))[0]).toMatchObject({ desired: "absent" });
    const mailed = await world.mailsOf(made.id);
    expect(await cancel(provider, made.id)).toEqual(gone);
    expect(await world.mailsOf(made.id)).toEqual(mailed);
    expect(await world.auditOf(made.id)).toEqual(["booking.created", "booking.cancelled"]);
    await book(provider);
  });

  it("is possible while it runs, and no longer when it is over", async () => {
    const provider = await world.provider();
    const [running, over] = [await book(provider), await book(provider, { start: LATER })];
    const during = new Date(minutesAfter(SLOT, 30));
    expect(await cancel(provider, running.id, during)).toMatchObject({ status: "cancelled" });
    const after = new Date(minutesAfter(LATER, 60));
    await expect(cancel(provider, over.id, after)).rejects.toMatchObject({ code: "conflict" });
  });

  it("ends changes to it", async () => {
    const provider = await world.provider();
    const made = await book(provider);
    await cancel(provider, made.id);
    for (const body of [{ start: LATER }, { instructions: "x" }])
      await expect(change(provider, made.id, body)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("attack 49: somebody else's booking", () => {
  it("is answered like one that does not exist, by every verb", async () => {
    const [provider, stranger] = [await world.provider(), await world.provider()];
    const made = await book(provider);
    for (const id of [made.id, newId(NOW), "1", "' or true --"]) {
      const refused = { code: "not_found", message: "No such booking." };
      await expect(change(stranger, id, { instructions: "mine" })).rejects.toMatchObject(refused);
      await expect(change(stranger, id, { start: LATER })).rejects.toMatchObject(refused);
      await expect(cancel(stranger, id)).rejects.toMatchObject(refused);
      const again = exportBookingAgain(world.services, stranger.ctx(), id);
      await expect(again).rejects.toMatchObject(refused);
    }
    expect(await world.booking(made.id)).toMatchObject({ version: 1, status: "confirmed" });
  });
});
