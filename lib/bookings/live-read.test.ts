import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { calendarExportedBookings } from "@/db/schema/exports";
import { changeBooking } from "@/lib/bookings/change-booking";
import { createBooking } from "@/lib/bookings/create-booking";
import { newId } from "@/lib/platform/ids";
import { createEventRow } from "@/tests/support/booking-factories";
import { CLIENT, minutesAfter, NOW, SLOT } from "@/tests/support/booking-world";
import { testServices } from "@/tests/support/factories";
import { openGoogle } from "@/tests/support/google";
import { eventInSlot, liveReadWorld, STALE } from "@/tests/support/live-read-world";
import { at, day } from "@/tests/support/scripted-vendor";

const world = liveReadWorld();
const { book } = world;

describe("a calendar whose stored events may be out of date", () => {
  it("is asked for the slot with its buffers, and the receipt says so", async () => {
    const provider = await world.provider({ bufferBeforeMinutes: 15, bufferAfterMinutes: 30 });
    const stale = await world.connect(provider, { ...STALE, externalId: "stale" });
    const fresh = await world.connect(provider, { externalId: "fresh" });
    const made = await book(provider);
    expect(world.asked).toEqual([
      {
        calendar: "stale",
        range: { start: new Date(minutesAfter(SLOT, -15)), end: new Date(minutesAfter(SLOT, 90)) },
      },
    ]);
    expect(made.receipt).toHaveLength(2);
    expect(made.receipt).toEqual(
      expect.arrayContaining([
        { calendarId: stale.calendarId, state: "live", syncedAt: STALE.syncedThrough.toISOString() },
        { calendarId: fresh.calendarId, state: "fresh", syncedAt: minutesAfter(NOW, -1) },
      ]),
    );
  });

  it("that shows a new event refuses, and the time it takes is not offered", async () => {
    const provider = await world.provider();
    await world.connect(provider, STALE);
    world.answer = [eventInSlot("new", { end: at(minutesAfter(SLOT, 15)) })];
    const refusal = await book(provider).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: "slot_unavailable",
      extra: { slots: expect.arrayContaining([expect.objectContaining({ start: minutesAfter(SLOT, 15) })]) },
    });
    expect(await world.bookingsOf(provider)).toEqual([]);
  });

  it("is not asked about what is taken or wrong anyway", async () => {
    const provider = await world.provider();
    await book(provider);
    await world.connect(provider, STALE);
    await expect(book(provider)).rejects.toMatchObject({ code: "slot_unavailable" });
    await expect(book(provider, { start: "2026-11-29T10:00:00Z" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    expect(world.asked).toEqual([]);
  });

  it("is asked at once with all others, so that they wait together", async () => {
    const provider = await world.provider();
    await world.connect(provider, { ...STALE, externalId: "a" });
    await world.connect(provider, { ...STALE, externalId: "b" });
    let meet = () => undefined as unknown;
    const met = new Promise<void>((resolve) => {
      meet = () => resolve();
    });
    world.answer = async () => {
      if (world.asked.length === 2) meet();
      await met;
      return [];
    };
    expect((await book(provider)).receipt.map(({ state }) => state)).toEqual(["live", "live"]);
  });

  it("is asked together by those who want the same slot at a time", async () => {
    const provider = await world.provider();
    await world.connect(provider, STALE);
    world.answer = async () => {
      await pause(300);
      return [];
    };
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => book(provider)));
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(world.asked.length).toBeLessThan(all.length);
  });
});

describe("an event read live blocks as an imported one would", () => {
  const declined = eventInSlot("e", { response: "declined" });
  const free = eventInSlot("e", { showAs: "free" });
  const allDay = eventInSlot("e", { start: day("2026-11-24"), end: day("2026-11-25"), showAs: "free" });
  const tentative = eventInSlot("e", { status: "tentative" });
  const before = eventInSlot("e", { start: at(minutesAfter(SLOT, -60)), end: at(SLOT) });
  const elsewhereZone = eventInSlot("e", { start: day("2026-11-23"), end: day("2026-11-24") });

  it.each([
    ["busy", eventInSlot("e"), {}, "taken"],
    ["declined", declined, {}, "free"],
    ["marked free", free, {}, "free"],
    ["all day, marked free", allDay, {}, "taken"],
    ["all day, marked free, as its calendar says", allDay, { allDayEvents: "as_provider" }, "free"],
    ["tentative", tentative, {}, "taken"],
    ["tentative, ignored", tentative, { tentative: "ignore" }, "free"],
    ["of no length", eventInSlot("e", { end: at(SLOT) }), {}, "free"],
    ["that ends when the slot begins", before, {}, "free"],
    ["of the day before, in the calendar's zone", elsewhereZone, {}, "free"],
  ] as const)("%s", async (_, one, settings, expected) => {
    const provider = await world.provider();
    await world.connect(provider, STALE, settings);
    world.answer = [one];
    const outcome = await book(provider).then(
      () => "free",
      () => "taken",
    );
    expect(outcome).toBe(expected);
  });

  it("days lie in the calendar's own zone", async () => {
    const provider = await world.provider();
    await world.connect(provider, { ...STALE, timeZone: "Pacific/Honolulu" });
    // In Honolulu, the 23rd lasts until 11:00 of the 24th in Paris, when the slot begins.
    world.answer = [elsewhereZone];
    await expect(book(provider, { start: minutesAfter(SLOT, -60) })).rejects.toMatchObject({
      code: "slot_unavailable",
    });
    expect(await book(provider)).toMatchObject({ start: SLOT });
  });

  it("unless its person has said otherwise", async () => {
    const provider = await world.provider();
    const { calendarId } = await world.connect(provider, STALE);
    const { userId } = provider;
    const place = { userId, calendarId, startsAt: new Date(SLOT), endsAt: new Date(minutesAfter(SLOT, 60)) };
    await createEventRow(world.database.db, place, { externalId: "mine", override: false });
    world.answer = [eventInSlot("mine")];
    expect(await book(provider)).toMatchObject({ receipt: [{ state: "live" }] });
  });
});

describe("our own event", () => {
  /** A booking whose event is in the calendar, which is then read live. */
  async function exported(written: Partial<typeof calendarExportedBookings.$inferInsert> = {}) {
    const provider = await world.provider();
    const { calendarId } = await world.connect(provider, { ...STALE, externalId: "work" });
    const made = await book(provider);
    await world.database.db.insert(calendarExportedBookings).values({
      id: newId(NOW),
      bookingId: made.id,
      userId: provider.userId,
      provider: "google",
      calendarId,
      calendarExternalId: "work",
      desired: "present",
      externalId: `ent${made.id.replaceAll("-", "")}`,
      writtenStart: new Date(made.start),
      writtenEnd: new Date(made.end),
      nextAttemptAt: NOW,
      createdAt: NOW,
      ...written,
    });
    const own = `ent${made.id.replaceAll("-", "")}`;
    const move = (minutes: number) =>
      changeBooking(world.services, provider.ctx(), made.id, { start: minutesAfter(SLOT, minutes) });
    return { provider, made, own, move };
  }

  it("is no obstacle to moving its booking over it", async () => {
    const { own, move } = await exported();
    world.answer = [eventInSlot(own)];
    expect(await move(30)).toMatchObject({ start: minutesAfter(SLOT, 30), receipt: [{ state: "live" }] });
  });

  it("left behind by a booking that moved, not written yet, blocks nobody", async () => {
    const { provider, own, move } = await exported();
    await move(120);
    world.answer = [eventInSlot(own)];
    expect(await book(provider)).toMatchObject({ start: SLOT });
  });

  it("that its owner moved blocks where it is now, until somebody decides", async () => {
    const { provider, own, move } = await exported();
    const moved = { start: at(minutesAfter(SLOT, 120)), end: at(minutesAfter(SLOT, 180)) };
    world.answer = [eventInSlot(own, moved)];
    const other = book(provider, { start: minutesAfter(SLOT, 120) });
    await expect(other).rejects.toMatchObject({ code: "slot_unavailable" });
    expect(await move(120)).toMatchObject({ version: 2 });
  });

  it("duplicated by a person blocks: nothing here stands behind it", async () => {
    const { made, move } = await exported();
    world.answer = [
      eventInSlot("copy", {
        bookingMarker: made.id,
        start: at(minutesAfter(SLOT, 60)),
        end: at(minutesAfter(SLOT, 120)),
      }),
    ];
    await expect(move(30)).rejects.toMatchObject({ code: "slot_unavailable" });
  });
});

describe("with Google", () => {
  it("an event added a moment ago, which no round has read, is seen in time", async () => {
    await using google = await openGoogle(NOW);
    const services = testServices(world.database.db, [google.provider], {
      clock: world.services.clock,
      masterKeys: world.services.masterKeys,
    });
    const provider = await world.provider();
    const { email, accessToken, refreshToken } = google.account("anna@example.test");
    await world.connect(provider, { ...STALE, externalId: email }, { accessToken, refreshToken });
    const wish = { serviceId: provider.service.id, start: SLOT, client: CLIENT };
    const time = { start: { dateTime: SLOT }, end: { dateTime: minutesAfter(SLOT, 30) } };
    await google.act("events/create", { account: email, event: { summary: "Dentist", ...time } });
    const refused = createBooking(services, provider.ctx(), wish);
    await expect(refused).rejects.toMatchObject({ code: "slot_unavailable" });
    const start = minutesAfter(SLOT, 30);
    const made = await createBooking(services, provider.ctx(), { ...wish, start });
    expect(made.receipt).toMatchObject([{ state: "live" }]);
  });
});
