import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { services as offers } from "@/db/schema/bookings";
import { users } from "@/db/schema/users";
import { auditLog } from "@/db/schema/work";
import { getAvailability } from "@/lib/bookings/availability";
import { cancelBooking } from "@/lib/bookings/cancel-booking";
import { changeBooking } from "@/lib/bookings/change-booking";
import { createBooking } from "@/lib/bookings/create-booking";
import { exportBookingAgain } from "@/lib/bookings/export-again";
import { getBooking, listBookings } from "@/lib/bookings/list-bookings";
import { publicAvailability } from "@/lib/bookings/public-availability";
import { visitProvider } from "@/lib/bookings/public-gate";
import { findPublicProvider, findPublicService } from "@/lib/bookings/public-provider";
import { createTimeOff } from "@/lib/bookings/time-off";
import { API_SCOPES, requireScope } from "@/lib/organizations/context";
import { getMe, updateMe } from "@/lib/organizations/me";
import { randomToken } from "@/lib/platform/crypto";
import { AppError } from "@/lib/platform/errors";
import { createServiceRow } from "@/tests/support/booking-factories";
import { CLIENT, minutesAfter, NOW, SLOT } from "@/tests/support/booking-world";
import { clientWorld, failure, LATER } from "@/tests/support/client-world";

const world = clientWorld();
const { bookPublicly: book, find, move } = world;

describe("a public page", () => {
  it("shows who offers what, and nothing that is not for everybody", async () => {
    const provider = await world.provider({ noticeMinutes: 30, priceAmount: 20, priceCurrency: "EUR" });
    await createServiceRow(world.database.db, provider.userId, { active: false });
    const page = await findPublicProvider(world.services, provider.handle, NOW);
    expect(page.services.map(({ slug }) => slug)).toEqual([provider.service.slug]);
    expect(page).toMatchObject({ handle: provider.handle, timeZone: "Europe/Paris", locale: "en" });
    expect(JSON.stringify(page)).not.toContain(provider.userId);
    expect(JSON.stringify(page)).not.toContain("@");
    const { service } = await findPublicService(world.services, provider.handle, provider.service.slug, NOW);
    expect(service).toEqual(page.services[0]);
  });

  it("answers free slots, whether there can be any yet, and nothing else", async () => {
    const provider = await world.provider();
    await world.connect(provider);
    const { handle, service } = provider;
    const [from, to] = [new Date("2026-11-24T00:00:00Z"), new Date("2026-11-25T00:00:00Z")];
    const wish = { handle, slug: service.slug, from, to };
    const before = await publicAvailability(world.services, wish, NOW);
    expect(before).toEqual({ slots: expect.any(Array), ready: true });
    expect(before.slots).toContainEqual({ start: SLOT, end: minutesAfter(SLOT, 60) });
    await book(provider);
    const after = await publicAvailability(world.services, wish, NOW);
    expect(after.slots).not.toContainEqual({ start: SLOT, end: minutesAfter(SLOT, 60) });
  });

  it.each([
    "unknown handle",
    "unknown service",
    "deleted",
    "switched off",
    "somebody else's",
    "disabled",
    "odd",
  ])("%s is one and the same answer, everywhere", async (why) => {
    const provider = await world.provider();
    let [handle, slug] = [provider.handle, provider.service.slug];
    const set = (columns: object) =>
      world.database.db.update(offers).set(columns).where(eq(offers.userId, provider.userId));
    if (why === "unknown handle") handle = "nobody";
    if (why === "unknown service") slug = "nothing";
    if (why === "somebody else's") slug = (await world.provider()).service.slug;
    if (why === "deleted") await set({ deletedAt: NOW });
    if (why === "switched off") await set({ active: false });
    if (why === "odd") [handle, slug] = ["../\u0000' or 1=1", "\u0000"];
    if (why === "disabled")
      await world.database.db.update(users).set({ disabledAt: NOW }).where(eq(users.id, provider.userId));
    const expected = { code: "not_found", message: "No such booking page." };
    const place = { handle, slug };
    expect(await failure(findPublicService(world.services, handle, slug, NOW))).toEqual(expected);
    expect(await failure(publicAvailability(world.services, place, NOW))).toEqual(expected);
    expect(await failure(book(provider, place))).toEqual(expected);
    expect(await world.bookingsOf(provider)).toEqual([]);
  });
});

describe("a client books", () => {
  it("without an account, and both are told by mail", async () => {
    const provider = await world.provider({ location: "2 rue Y" });
    const { token, booking } = await book(provider, { timeZone: "America/New_York", locale: "fr" });
    expect(booking).toMatchObject({
      provider: { handle: provider.handle },
      serviceName: "Consultation",
      serviceSlug: provider.service.slug,
      start: SLOT,
      timeZone: "America/New_York",
      locale: "fr",
      client: CLIENT,
      location: "2 rue Y",
      changeable: true,
    });
    expect(JSON.stringify(booking)).not.toMatch(/receipt|exports|requestKey|link/);
    const [row] = await world.bookingsOf(provider);
    expect(row).toMatchObject({ source: "client" });
    expect(JSON.stringify(row)).not.toContain(token);
    expect((await world.mailsOf(row?.id ?? "")).map(({ kind }) => kind).sort()).toEqual([
      "booking_confirmed",
      "provider_booking_confirmed",
    ]);
    const [entry] = await world.database.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.subjectId, row?.id ?? ""));
    expect(entry?.actor).toEqual({ type: "client", bookingId: null });
    expect(await find(token)).toEqual(booking);
  });

  it("once, however often the form is sent, also at a time", async () => {
    const provider = await world.provider();
    const requestKey = randomToken();
    // Whoever is told that the first one still runs sends the form again.
    const send = async (): ReturnType<typeof book> =>
      book(provider, { requestKey }).catch((error: unknown) => {
        if (error instanceof AppError && error.code === "idempotency_in_progress") return send();
        throw error;
      });
    const both = await Promise.all([1, 2, 3].map(send));
    const again = await book(provider, { requestKey });
    expect(new Set([...both, again].map(({ token }) => token)).size).toBe(1);
    const [row, ...others] = await world.bookingsOf(provider);
    expect(others).toEqual([]);
    expect(await world.mailsOf(row?.id ?? "")).toHaveLength(2);
    await move(again.token, LATER);
    expect((await book(provider, { requestKey })).booking).toMatchObject({ start: LATER });
  });

  it("another way under the same key is refused, and shows nobody's booking", async () => {
    const provider = await world.provider();
    const requestKey = randomToken();
    await book(provider, { requestKey });
    const other = book(provider, { requestKey, client: { ...CLIENT, email: "eve@example.test" } });
    await expect(other).rejects.toMatchObject({ code: "idempotency_key_reused" });
    const later = book(provider, { requestKey, start: LATER });
    await expect(later).rejects.toMatchObject({ code: "idempotency_key_reused" });
    expect(await world.bookingsOf(provider)).toHaveLength(1);
  });

  it.each([
    ["no e-mail", { client: { ...CLIENT, email: undefined } }],
    ["an empty e-mail", { client: { ...CLIENT, email: null } }],
    ["a price", { price: { amount: 0, currency: "EUR" } }],
    ["a provider", { userId: "someone" }],
    ["a service by id", { serviceId: "x" }],
    ["a guessable request key", { requestKey: "1" }],
    ["no request key", { requestKey: undefined }],
    ["header lines in the name", { client: { ...CLIENT, name: "Zoé\nBcc: all@example.test" } }],
  ])("with %s is refused", async (_, more) => {
    const provider = await world.provider();
    await expect(book(provider, more)).rejects.toMatchObject({ code: "invalid_input" });
    expect(await world.bookingsOf(provider)).toEqual([]);
  });

  it("a taken time is refused with free ones and not a word of who has it", async () => {
    const provider = await world.provider();
    await createTimeOff(provider.ctx(), {
      title: "Secret",
      start: SLOT,
      end: minutesAfter(SLOT, 30),
    });
    const refusal = await book(provider).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "slot_unavailable" });
    expect(JSON.stringify(refusal)).not.toContain("Secret");
    expect((refusal as { extra: { slots: unknown[] } }).extra.slots).toHaveLength(6);
  });
});

describe("a client's context", () => {
  it("is good for no verb of the person it is for", async () => {
    const provider = await world.provider();
    const made = await createBooking(world.services, provider.ctx(), {
      serviceId: provider.service.id,
      start: SLOT,
      client: CLIENT,
    });
    const { ctx } = await visitProvider(world.services, provider.handle, NOW);
    for (const scope of API_SCOPES) expect(() => requireScope(ctx, scope)).toThrow("not for clients");
    const verbs = [
      () => getMe(ctx),
      () => updateMe(ctx, { name: "Mallory" }),
      () => getBooking(ctx, made.id),
      () => listBookings(ctx, {}, { limit: 10, cursor: null }),
      () =>
        createBooking(world.services, ctx, { serviceId: provider.service.id, start: LATER, client: CLIENT }),
      () => changeBooking(world.services, ctx, made.id, { instructions: "x" }),
      () => cancelBooking(world.services, ctx, made.id),
      () => exportBookingAgain(world.services, ctx, made.id),
      () => createTimeOff(ctx, { start: SLOT, end: LATER }),
      () => getAvailability(ctx, { serviceId: provider.service.id }),
    ];
    for (const verb of verbs) await expect(verb()).rejects.toMatchObject({ code: "forbidden" });
  });
});
