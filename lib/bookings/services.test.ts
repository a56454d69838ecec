import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { bookings } from "@/db/schema/bookings";
import { auditLog } from "@/db/schema/work";
import {
  createService,
  deleteService,
  getService,
  listServices,
  loadOwnService,
  updateService,
} from "@/lib/bookings/services";
import type { Ctx } from "@/lib/organizations/context";
import { newId } from "@/lib/platform/ids";
import { createBookingRow } from "@/tests/support/booking-factories";
import { bookingWorld, NOW } from "@/tests/support/booking-world";
import { createPerson, type Person } from "@/tests/support/factories";

const world = bookingWorld();
const HOUR_MS = 3_600_000;

let person: Person;
let ctx: Ctx;
beforeEach(async () => {
  person = await createPerson(world.database.db);
  ctx = person.ctx(NOW);
});
const fault = (path: string) => ({ code: "invalid_input", fields: [expect.objectContaining({ path })] });
const PAGE = { limit: 50, cursor: null };

describe("a service", () => {
  it("has what was given and usual values for the rest", async () => {
    const made = await createService(ctx, { name: "  First visit ", durationMinutes: 45 });
    expect(made).toEqual({
      id: expect.any(String),
      kind: "appointment",
      name: "First visit",
      durationMinutes: 45,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      location: null,
      price: null,
      slug: "first-visit",
      active: true,
      slotStepMinutes: 15,
      noticeMinutes: 0,
      horizonDays: 92,
      targetCalendarId: null,
    });
    expect(await getService(ctx, made.id)).toEqual(made);
    expect((await listServices(ctx, PAGE)).data).toEqual([made]);
  });

  it("gets a slug of its name, numbered where that is taken, of its kind where the name has no Latin letters", async () => {
    const slugs = [];
    for (const name of ["Séance d’été", "Séance d'été", "séance d’ÉTÉ!", "相談", "相談"])
      slugs.push((await createService(ctx, { name, kind: "training", durationMinutes: 30 })).slug);
    expect(slugs).toEqual(["seance-d-ete", "seance-d-ete-2", "seance-d-ete-3", "training", "training-2"]);
  });

  it("keeps a slug of its own: taken ones are refused, other people's and deleted ones are free", async () => {
    const wish = { name: "A", durationMinutes: 30, slug: "visit" };
    const first = await createService(ctx, wish);
    const taken = { code: "conflict", fields: [{ path: "slug" }] };
    await expect(createService(ctx, wish)).rejects.toMatchObject(taken);
    const other = await createService(ctx, { name: "B", durationMinutes: 30 });
    await expect(updateService(ctx, other.id, { slug: "visit" })).rejects.toMatchObject(taken);
    expect((await createService((await createPerson(world.database.db)).ctx(NOW), wish)).slug).toBe("visit");
    await deleteService(ctx, first.id);
    expect((await createService(ctx, wish)).slug).toBe("visit");
  });

  it("made many times at once has as many slugs", async () => {
    const made = await Promise.all(
      Array.from({ length: 8 }, () => createService(ctx, { name: "Rush", durationMinutes: 30 })),
    );
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(8);
  });

  it("changes what is given, and takes back what was read", async () => {
    const made = await createService(ctx, {
      name: "Visit",
      durationMinutes: 30,
      price: { amount: 49.5, currency: "EUR" },
      location: "Room 1",
    });
    expect(await updateService(ctx, made.id, { active: false })).toEqual({ ...made, active: false });
    expect(await updateService(ctx, made.id, { ...made, price: null, location: "" })).toEqual({
      ...made,
      price: null,
      location: null,
    });
    await expect(updateService(ctx, made.id, { id: newId(NOW) })).rejects.toMatchObject(fault("id"));
  });

  it("is hidden when deleted; its bookings keep it", async () => {
    const { id } = await createService(ctx, { name: "Visit", durationMinutes: 30 });
    const service = await loadOwnService(world.database.db, person.userId, id);
    const startsAt = new Date(NOW.getTime() + HOUR_MS);
    const booking = await createBookingRow(world.database.db, service, {
      startsAt,
      endsAt: new Date(startsAt.getTime() + HOUR_MS),
    });
    await deleteService(ctx, id);
    for (const use of [getService, deleteService, updateService])
      await expect(use(ctx, id, {})).rejects.toMatchObject({ code: "not_found" });
    expect((await listServices(ctx, PAGE)).data).toEqual([]);
    const [kept] = await world.database.db.select().from(bookings).where(eq(bookings.id, booking));
    expect(kept).toMatchObject({ serviceId: id, status: "confirmed" });
  });

  it("is listed page by page, oldest first", async () => {
    const ids = [];
    for (let n = 0; n < 3; n += 1) {
      const at = person.ctx(new Date(NOW.getTime() + (n === 2 ? 0 : 1) * HOUR_MS));
      ids.push((await createService(at, { name: `Service ${n}`, durationMinutes: 30 })).id);
    }
    const [b = "", c = "", a = ""] = ids;
    const first = await listServices(ctx, { limit: 1, cursor: null });
    const rest = await listServices(ctx, { limit: 2, cursor: first.nextCursor });
    expect(first.data.map(({ id }) => id)).toEqual([a]);
    expect(rest.data.map(({ id }) => id)).toEqual([b, c].sort());
    expect(rest.nextCursor).toBeNull();
  });

  it("needs the permission to write", async () => {
    const actor = { type: "api_key" as const, userId: person.userId, apiKeyId: newId(NOW) };
    const reader: Ctx = { ...ctx, actor: { ...actor, scopes: ["read"] } };
    await expect(createService(reader, { name: "A", durationMinutes: 30 })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect((await listServices(reader, PAGE)).data).toEqual([]);
  });

  it("leaves a trail", async () => {
    const { id } = await createService(ctx, { name: "Visit", durationMinutes: 30 });
    await updateService(ctx, id, { name: "Call" });
    await deleteService(ctx, id);
    const rows = await world.database.db.select().from(auditLog).where(eq(auditLog.subjectId, id));
    expect(rows.map(({ action }) => action).sort()).toEqual([
      "service.changed",
      "service.created",
      "service.deleted",
    ]);
  });
});

describe("what cannot be a service is refused by field", () => {
  const GOOD = { name: "Visit", durationMinutes: 30 };
  it.each([
    ["name", { durationMinutes: 30 }],
    ["name", { ...GOOD, name: "  " }],
    ["name", { ...GOOD, name: "x".repeat(121) }],
    ["name", { ...GOOD, name: "Visit\r\nBcc: all@example.test" }],
    ["name", { ...GOOD, name: "a\u0000b" }],
    ["kind", { ...GOOD, kind: "party" }],
    ["durationMinutes", { name: "Visit" }],
    ["durationMinutes", { ...GOOD, durationMinutes: 4 }],
    ["durationMinutes", { ...GOOD, durationMinutes: 1_441 }],
    ["durationMinutes", { ...GOOD, durationMinutes: 30.5 }],
    ["durationMinutes", { ...GOOD, durationMinutes: "30" }],
    ["bufferBeforeMinutes", { ...GOOD, bufferBeforeMinutes: -1 }],
    ["bufferAfterMinutes", { ...GOOD, bufferAfterMinutes: 1_441 }],
    ["slotStepMinutes", { ...GOOD, slotStepMinutes: 0 }],
    ["noticeMinutes", { ...GOOD, noticeMinutes: 60 * 1_440 + 1 }],
    ["horizonDays", { ...GOOD, horizonDays: 93 }],
    ["horizonDays", { ...GOOD, horizonDays: 0 }],
    ["location", { ...GOOD, location: "x".repeat(501) }],
    ["slug", { ...GOOD, slug: "Not A Slug" }],
    ["slug", { ...GOOD, slug: "-a" }],
    ["slug", { ...GOOD, slug: "../admin" }],
    ["price", { ...GOOD, price: 10 }],
    ["price.amount", { ...GOOD, price: { amount: -1, currency: "EUR" } }],
    ["price.amount", { ...GOOD, price: { amount: 10.999, currency: "EUR" } }],
    ["price.amount", { ...GOOD, price: { amount: 10.5, currency: "JPY" } }],
    ["price.currency", { ...GOOD, price: { amount: 10, currency: "eur" } }],
    ["price.currency", { ...GOOD, price: { amount: 10, currency: "ABC" } }],
    ["price.currency", { ...GOOD, price: { amount: 10 } }],
    ["active", { ...GOOD, active: "yes" }],
  ])("%s of %j", async (path, body) => {
    await expect(createService(ctx, body as never)).rejects.toMatchObject(fault(path));
    expect((await listServices(ctx, PAGE)).data).toEqual([]);
  });

  it.each(["userId", "provider", "priceAmount", "deletedAt", "createdAt", "id"])(
    "a field that is nobody's to send: %s",
    async (name) => {
      const body = { ...GOOD, [name]: "someone" };
      await expect(createService(ctx, body as never)).rejects.toMatchObject({ code: "invalid_input" });
    },
  );
});
