import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { timeOff } from "@/db/schema/time-off";
import { auditLog, outbox } from "@/db/schema/work";
import { createBooking } from "@/lib/bookings/create-booking";
import { newId } from "@/lib/platform/ids";
import { createServiceRow } from "@/tests/support/booking-factories";
import { bookingWorld, CLIENT, minutesAfter, NOW, type Provider, SLOT } from "@/tests/support/booking-world";

const world = bookingWorld();

const wish = ({ service }: Provider, more: Record<string, unknown> = {}) => ({
  serviceId: service.id,
  start: SLOT,
  client: CLIENT,
  ...more,
});
const book = (provider: Provider, more: Record<string, unknown> = {}) =>
  createBooking(world.services, provider.ctx(), wish(provider, more));

describe("a booking", () => {
  it("takes a slot, and is written with everything that follows from it in one transaction", async () => {
    const provider = await world.provider({
      priceAmount: 49.5,
      priceCurrency: "EUR",
      bufferAfterMinutes: 15,
    });
    const { calendarId, connectionId } = await world.connect(provider);
    await world.database.db
      .update(calendarConnections)
      .set({ targetCalendarId: calendarId })
      .where(eq(calendarConnections.id, connectionId));
    const made = await book(provider, { address: "1 rue X", instructions: "Bring\r\n<b>papers</b>" });
    expect(made).toMatchObject({
      serviceId: provider.service.id,
      serviceName: "Consultation",
      kind: "appointment",
      status: "confirmed",
      start: SLOT,
      end: minutesAfter(SLOT, 60),
      timeZone: "Europe/Paris",
      client: CLIENT,
      address: "1 rue X",
      instructions: "Bring\n<b>papers</b>",
      price: { amount: 49.5, currency: "EUR" },
      source: "provider",
      version: 1,
      receipt: [{ calendarId, state: "fresh", syncedAt: minutesAfter(NOW, -1) }],
      exports: [
        { integrationId: connectionId, provider: "google", calendarId, status: "pending", error: null },
      ],
      cancelledAt: null,
    });
    expect(await world.mailsOf(made.id)).toMatchObject([{ kind: "booking_confirmed", bookingVersion: 1 }]);
    expect(await world.auditOf(made.id)).toEqual(["booking.created"]);
    const nudges = await world.database.db.select({ name: outbox.name }).from(outbox);
    expect(nudges.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["connection/exports.due", "mail/due"]),
    );
    expect(await world.booking(made.id)).toMatchObject({ bufferBeforeMinutes: 0, bufferAfterMinutes: 15 });
  });

  it("says by whom: a key's is the program's", async () => {
    const provider = await world.provider();
    const { userId } = provider;
    const actor = { type: "api_key" as const, userId, apiKeyId: newId(NOW), scopes: ["write" as const] };
    const made = await createBooking(world.services, { ...provider.ctx(), actor }, wish(provider));
    expect(made.source).toBe("api");
    const [entry] = await world.database.db.select().from(auditLog).where(eq(auditLog.subjectId, made.id));
    expect(entry?.actor).toMatchObject({ type: "api_key" });
  });

  it("needs no address to write to when its provider makes it, and owes no mail then", async () => {
    const made = await book(await world.provider(), { client: { name: "Walk-in" } });
    expect(made.client).toEqual({ name: "Walk-in", email: null, phone: null });
    expect(await world.mailsOf(made.id)).toEqual([]);
  });

  it("is read in the zone and language that are named, else in the provider's", async () => {
    const made = await book(await world.provider(), { timeZone: "america/new_york", locale: "fr" });
    expect(made.timeZone).toBe("America/New_York");
    expect(await world.booking(made.id)).toMatchObject({ locale: "fr" });
  });
});

describe("attack 94: a start that no slot begins at", () => {
  it.each([
    ["in the past", "2026-11-20T10:00:00.000Z", /past/],
    ["a moment ago", "2026-11-23T08:59:59.999Z", /past/],
    ["off the grid", "2026-11-24T10:07:00.000Z", /slot/],
    ["off the grid by a millisecond", "2026-11-24T10:00:00.001Z", /slot/],
    ["at night", "2026-11-24T02:00:00.000Z", /working hours/],
    ["on a Sunday", "2026-11-29T10:00:00.000Z", /working hours/],
    ["too near the end of the day", "2026-11-24T15:30:00.000Z", /working hours/],
  ])("%s is refused and stores nothing", async (_, start, message) => {
    const provider = await world.provider();
    const refusal = await book(provider, { start }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "invalid_input", message: expect.stringMatching(message) });
    expect(refusal).toMatchObject({ fields: [{ path: "start" }] });
    expect(await world.bookingsOf(provider)).toEqual([]);
  });

  it("too soon for the service's notice is refused", async () => {
    const provider = await world.provider({ noticeMinutes: 60 * 48 });
    await expect(book(provider)).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringMatching(/notice/),
    });
  });

  it("beyond the horizon is too far", async () => {
    const provider = await world.provider({ horizonDays: 1 });
    await expect(book(provider)).rejects.toMatchObject({ code: "range_too_far" });
    const other = await world.provider();
    for (const start of ["2027-03-15T10:00:00.000Z", "2136-12-01T10:00:00.000Z"])
      await expect(book(other, { start })).rejects.toMatchObject({ code: "range_too_far" });
  });

  it.each(["../../etc", "+02:00", "Mars/Olympus", "Europe/Paris\n"])(
    "zone %j is refused",
    async (timeZone) => {
      const refused = book(await world.provider(), { timeZone });
      await expect(refused).rejects.toMatchObject({ code: "invalid_input", fields: [{ path: "timeZone" }] });
    },
  );
});

describe("attack 95: what is not the caller's to say", () => {
  it.each([
    { price: { amount: 0, currency: "EUR" } },
    { durationMinutes: 5 },
    { end: minutesAfter(SLOT, 600) },
    { userId: "someone" },
    { status: "cancelled" },
    { source: "client" },
    { requestKey: "x".repeat(32) },
    { client: { ...CLIENT, isAdmin: true } },
  ])("%j is an unknown field", async (extra) => {
    const provider = await world.provider();
    await expect(book(provider, extra)).rejects.toMatchObject({ code: "invalid_input" });
    expect(await world.bookingsOf(provider)).toEqual([]);
  });

  it("somebody else's service, a deleted one and an unknown one are the same", async () => {
    const [provider, other] = [await world.provider(), await world.provider()];
    const deleted = await createServiceRow(world.database.db, provider.userId, { deletedAt: NOW });
    for (const serviceId of [other.service.id, deleted.id, newId(NOW), "1", "'; drop table bookings"]) {
      const refusal = await book(provider, { serviceId }).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: "not_found", message: "No such service." });
    }
  });
});

describe("a client's words", () => {
  const bad = (client: object) => ({ ...CLIENT, ...client });
  it.each([
    ["client.name", bad({ name: "" })],
    ["client.name", bad({ name: "   " })],
    ["client.name", bad({ name: "x".repeat(121) })],
    ["client.name", bad({ name: "Zoé\r\nBcc: everyone@example.test" })],
    ["client.name", bad({ name: "a\u0000b" })],
    ["client.name", bad({ name: "a\u2028b" })],
    ["client.email", bad({ email: "zoe" })],
    ["client.email", bad({ email: "zoe@example.test\nBcc: x@example.test" })],
    ["client.email", bad({ email: "zoe@example.test,x@example.test" })],
    ["client.email", bad({ email: '"Zoé" <zoe@example.test>' })],
    ["client.email", bad({ email: `${"x".repeat(250)}@example.test` })],
    ["client.phone", bad({ phone: "call me" })],
    ["client.phone", bad({ phone: "+33 6\n12" })],
    ["client.phone", bad({ phone: "1".repeat(41) })],
  ])("%s is refused in %j", async (path, client) => {
    await expect(book(await world.provider(), { client })).rejects.toMatchObject({
      code: "invalid_input",
      fields: [expect.objectContaining({ path })],
    });
  });

  it("of every other field are bounded and free of control characters", async () => {
    const provider = await world.provider();
    const bads = [
      { address: "x".repeat(301) },
      { address: "1 rue X\n2 rue Y" },
      { instructions: "x".repeat(2001) },
      { instructions: "a\u0007b" },
      { locale: "de" },
      { start: "tomorrow" },
    ];
    for (const more of bads)
      await expect(book(provider, more)).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("survive as text, markup and all", async () => {
    const words = `<img src=x onerror="alert(1)"> {{7*7}} $(1) '; drop table bookings; -- 👩🏽‍⚕️ é`;
    const made = await book(await world.provider(), {
      client: { ...CLIENT, name: words },
      address: words,
      instructions: `${words}\n\tand\n${words}`,
    });
    expect(made).toMatchObject({
      client: { name: words },
      address: words,
      instructions: `${words}\n\tand\n${words}`,
    });
  });
});

describe("a slot that somebody has", () => {
  it("is refused with the nearest free ones", async () => {
    const provider = await world.provider({ bufferAfterMinutes: 15 });
    await book(provider);
    const refusal = await book(provider).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "slot_unavailable" });
    const { slots } = (refusal as { extra: { slots: { start: string; end: string }[] } }).extra;
    expect(slots.map(({ start }) => start)).toEqual([
      "2026-11-24T08:15:00.000Z",
      "2026-11-24T08:30:00.000Z",
      "2026-11-24T08:45:00.000Z",
      "2026-11-24T11:15:00.000Z",
      "2026-11-24T11:30:00.000Z",
      "2026-11-24T11:45:00.000Z",
    ]);
    expect(slots[0]?.end).toBe("2026-11-24T09:15:00.000Z");
    await book(provider, { start: slots[3]?.start });
  });

  it("is refused when time off takes it, and when nothing is free nothing is offered", async () => {
    const provider = await world.provider();
    await world.database.db.insert(timeOff).values({
      id: newId(NOW),
      userId: provider.userId,
      allDay: false,
      startsAt: new Date("2026-11-01T00:00:00Z"),
      endsAt: new Date("2027-02-01T00:00:00Z"),
      createdAt: NOW,
    });
    const refused = book(provider);
    await expect(refused).rejects.toMatchObject({ code: "slot_unavailable", extra: { slots: [] } });
  });

  it("a calendar never fully read refuses, whatever its owner does when unsure", async () => {
    const provider = await world.provider();
    await world.connect(provider, { syncedThrough: null }, { whenUnsure: "accept" });
    await expect(book(provider)).rejects.toMatchObject({ code: "calendar_not_ready" });
    await expect(book(provider, { start: "2020-01-01T00:00:00Z" })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  it("a calendar checked a moment ago, between the look and the lock, refuses as well", async () => {
    const provider = await world.provider();
    const { calendarId } = await world.connect(provider, {
      syncedThrough: new Date(NOW.getTime() - 86_400_000),
    });
    world.vendor.provider.listWindow = async () => {
      await world.database.db
        .update(calendars)
        .set({ syncedThrough: null })
        .where(eq(calendars.id, calendarId));
      return [];
    };
    await expect(book(provider)).rejects.toMatchObject({ code: "calendar_not_ready" });
    expect(await world.bookingsOf(provider)).toEqual([]);
  });

  it("a service that is switched off is its provider's alone to book", async () => {
    const provider = await world.provider({ active: false });
    expect(await book(provider)).toMatchObject({ status: "confirmed" });
  });

  it("a service deleted between the look and the lock is no service any more", async () => {
    const provider = await world.provider();
    await world.connect(provider, { syncedThrough: new Date(NOW.getTime() - 86_400_000) });
    world.vendor.provider.listWindow = async () => {
      await world.database.handle.db.execute(
        `update services set deleted_at = created_at where id = '${provider.service.id}'`,
      );
      return [];
    };
    await expect(book(provider)).rejects.toMatchObject({ code: "not_found" });
  });

  it("a person who may not write may not book", async () => {
    const provider = await world.provider();
    const { userId } = provider;
    const actor = { type: "api_key" as const, userId, apiKeyId: newId(NOW), scopes: ["read" as const] };
    const refused = createBooking(world.services, { ...provider.ctx(), actor }, wish(provider));
    await expect(refused).rejects.toMatchObject({ code: "forbidden" });
  });
});
