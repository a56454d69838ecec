import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SealError } from "@/lib/platform/crypto";
import { newId } from "@/lib/platform/ids";
import { bookingWorld, NOW } from "@/tests/support/booking-world";
import { bookingLinkPath, createBookingLink, linkHashOf, openBookingLink } from "./booking-link";

const world = bookingWorld();
const keys = () => world.services.masterKeys;

describe("a client's link", () => {
  it("is 256 random bits, stored as a hash and sealed, and opens again for a mail", async () => {
    const { userId } = await world.provider();
    const booking = { id: newId(NOW), userId };
    const made = await createBookingLink(world.database.db, booking, keys());
    const other = await createBookingLink(world.database.db, booking, keys());
    expect(Buffer.from(made.token, "base64url")).toHaveLength(32);
    expect(other.token).not.toBe(made.token);
    expect(bookingLinkPath(made.token)).toBe(`/booking/${made.token}`);
    expect(linkHashOf(made.token)).toBe(made.linkHash);
    expect(JSON.stringify([made.linkHash, made.linkSealed])).not.toContain(made.token);
    expect(await openBookingLink(world.database.db, { ...booking, ...made }, keys())).toBe(made.token);
  });

  it("does not open for another booking, another person or without the key", async () => {
    const [{ userId }, stranger] = [await world.provider(), await world.provider()];
    const booking = { id: newId(NOW), userId };
    const made = { ...booking, ...(await createBookingLink(world.database.db, booking, keys())) };
    await createBookingLink(world.database.db, { ...booking, userId: stranger.userId }, keys());
    const open = (changed: object, masters = keys()) =>
      openBookingLink(world.database.db, { ...made, ...changed }, masters);
    await expect(open({ id: newId(NOW) })).rejects.toBeInstanceOf(SealError);
    await expect(open({ userId: stranger.userId })).rejects.toBeInstanceOf(SealError);
    await expect(open({ linkSealed: "v1.AAAA" })).rejects.toBeInstanceOf(SealError);
    await expect(open({}, [{ id: "other", key: randomBytes(32) }])).rejects.toBeInstanceOf(SealError);
  });

  it.each(["", "x", `${"a".repeat(43)}=`, "a".repeat(44), "../etc/passwd", "a".repeat(42)])(
    "%j is none and is not looked up",
    (token) => expect(linkHashOf(token)).toBeNull(),
  );
});
