import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { bookings, services as offers } from "@/db/schema/bookings";
import { users } from "@/db/schema/users";
import { auditLog, outbox } from "@/db/schema/work";
import { cancelByLink } from "@/lib/bookings/by-link";
import { availabilityByLink } from "@/lib/bookings/public-availability";
import { findPublicProvider } from "@/lib/bookings/public-provider";
import { randomToken } from "@/lib/platform/crypto";
import { minutesAfter, NOW, type Provider, SLOT } from "@/tests/support/booking-world";
import { clientWorld, failure, LATER } from "@/tests/support/client-world";

const world = clientWorld();
const { bookPublicly: book, find, move } = world;
const cancel = (token: string, now = NOW) => cancelByLink(world.services, token, {}, now);

describe("attack 96: a client's link", () => {
  let provider: Provider;
  let token: string;
  let id: string;
  beforeEach(async () => {
    provider = await world.provider();
    token = (await book(provider)).token;
    id = (await world.bookingsOf(provider))[0]?.id ?? "";
  });

  it("moves and cancels its booking, and says who did", async () => {
    expect(await move(token, LATER)).toMatchObject({ start: LATER, version: 2 });
    expect(await world.booking(id)).toMatchObject({ receipt: [], version: 2 });
    expect(await cancel(token)).toMatchObject({ status: "cancelled", cancelledBy: "client" });
    const entries = await world.database.db.select().from(auditLog).where(eq(auditLog.subjectId, id));
    expect(entries.map(({ actor }) => actor)).toContainEqual({ type: "client", bookingId: id });
  });

  it("finds the booking it was made for and no other; guesses and ids find none", async () => {
    const other = await book(provider, { start: LATER });
    expect((await find(other.token)).start).toBe(LATER);
    expect((await find(token)).start).toBe(SLOT);
    const [row] = await world.bookingsOf(provider);
    const guesses = [randomToken(), id, row?.linkHash ?? "", row?.linkSealed ?? "", "", "../x", `${token}=`];
    guesses.push(`${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`, "\u0000".repeat(43));
    for (const guess of guesses) {
      const expected = { code: "not_found", message: "No such booking." };
      expect(await failure(find(guess))).toEqual(expected);
      expect(await failure(move(guess, LATER))).toEqual(expected);
      expect(await failure(cancel(guess))).toEqual(expected);
      expect(await failure(availabilityByLink(world.services, guess, {}, NOW))).toEqual(expected);
    }
    expect(await world.booking(id)).toMatchObject({ status: "confirmed", version: 1 });
  });

  it("is read as often as mail programs like, and changes nothing", async () => {
    const everything = async () =>
      JSON.stringify([
        await world.database.db.select().from(bookings),
        await world.mailsOf(id),
        await world.database.db.select().from(auditLog),
        await world.database.db.select().from(outbox),
      ]);
    const before = await everything();
    for (let time = 0; time < 5; time += 1) {
      await find(token);
      await availabilityByLink(world.services, token, {}, NOW);
      await findPublicProvider(world.services, provider.handle, NOW);
    }
    expect(await everything()).toBe(before);
  });

  it("of a cancelled booking still shows it, and refuses to change it again", async () => {
    await cancel(token);
    const owed = await world.mailsOf(id);
    expect(await find(token)).toMatchObject({ status: "cancelled", changeable: false });
    const offer = () => availabilityByLink(world.services, token, {}, NOW);
    for (const work of [() => cancel(token), () => move(token, LATER), offer])
      await expect(work()).rejects.toMatchObject({ code: "conflict" });
    expect(await world.booking(id)).toMatchObject({ version: 2 });
    expect(await world.mailsOf(id)).toEqual(owed);
  });

  it("changes nothing any more once the time has come", async () => {
    const begun = new Date(SLOT);
    expect(await find(token, begun)).toMatchObject({ changeable: false });
    for (const work of [() => cancel(token, begun), () => move(token, LATER, begun)])
      await expect(work()).rejects.toMatchObject({ code: "conflict" });
  });

  it("leads nowhere while its provider is disabled", async () => {
    await world.database.db.update(users).set({ disabledAt: NOW }).where(eq(users.id, provider.userId));
    await expect(find(token)).rejects.toMatchObject({ code: "not_found" });
    await expect(cancel(token)).rejects.toMatchObject({ code: "not_found" });
  });

  it("works on when its service is no longer offered", async () => {
    await world.database.db
      .update(offers)
      .set({ active: false, deletedAt: NOW })
      .where(eq(offers.userId, provider.userId));
    expect(await find(token)).toMatchObject({ serviceSlug: null });
    expect(await move(token, LATER)).toMatchObject({ start: LATER });
  });

  it("offers times that overlap its own, and only moves where a slot begins", async () => {
    const [from, to] = [new Date("2026-11-24T00:00:00Z"), new Date("2026-11-25T00:00:00Z")];
    const { slots } = await availabilityByLink(world.services, token, { from, to }, NOW);
    expect(slots.map(({ start }) => start)).toEqual(
      expect.arrayContaining([SLOT, minutesAfter(SLOT, 15), minutesAfter(SLOT, 30)]),
    );
    await expect(move(token, minutesAfter(SLOT, 7))).rejects.toMatchObject({ code: "invalid_input" });
    await expect(move(token, "soon")).rejects.toMatchObject({ code: "invalid_input" });
    await expect(move(token, "2027-06-01T10:00:00Z")).rejects.toMatchObject({ code: "range_too_far" });
  });
});
