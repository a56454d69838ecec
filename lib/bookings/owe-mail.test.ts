import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { mails } from "@/db/schema/mails";
import { createBookingRow } from "@/tests/support/booking-factories";
import { bookingWorld, minutesAfter, NOW, SLOT } from "@/tests/support/booking-world";
import { type MailEvent, oweBookingMails } from "./owe-mail";

const world = bookingWorld();

async function booked(clientEmail: string | null = "zoe@example.test") {
  const provider = await world.provider();
  const time = { startsAt: new Date(SLOT), endsAt: new Date(minutesAfter(SLOT, 60)), clientEmail };
  const id = await createBookingRow(world.database.db, provider.service, time);
  const tell = (event: MailEvent, version: number, by: "client" | "provider" = "client") =>
    world.database.db.transaction((tx) =>
      oweBookingMails(tx, { booking: { id, userId: provider.userId, version, clientEmail }, event, by }, NOW),
    );
  const owed = async () =>
    (await world.mailsOf(id))
      .filter((mail) => mail.sentAt === null && mail.droppedAt === null)
      .map(({ kind, bookingVersion }) => `${kind} ${bookingVersion}`)
      .sort();
  const set = (columns: Partial<typeof mails.$inferInsert>) =>
    world.database.db.update(mails).set(columns).where(eq(mails.bookingId, id));
  return { id, tell, owed, sent: () => set({ sentAt: NOW }), tried: () => set({ attempts: 1 }) };
}

describe("who is told", () => {
  it("the client and the provider when the client did it, the client alone when the provider did", async () => {
    const one = await booked();
    await one.tell("confirmed", 1);
    expect(await one.owed()).toEqual(["booking_confirmed 1", "provider_booking_confirmed 1"]);
    const other = await booked();
    await other.tell("confirmed", 1, "provider");
    expect(await other.owed()).toEqual(["booking_confirmed 1"]);
  });

  it("nobody without an address", async () => {
    const one = await booked(null);
    await one.tell("confirmed", 1, "provider");
    expect(await one.owed()).toEqual([]);
  });

  it("once, however often it is asked for", async () => {
    const one = await booked();
    await one.tell("confirmed", 1);
    await one.sent();
    await one.tell("confirmed", 1);
    expect(await one.owed()).toEqual([]);
    expect(await world.mailsOf(one.id)).toHaveLength(2);
  });
});

describe("a change after the mails went out", () => {
  it("is told of, and cancelled is told of", async () => {
    const one = await booked();
    await one.tell("confirmed", 1);
    await one.sent();
    await one.tell("moved", 2, "provider");
    expect(await one.owed()).toEqual(["booking_moved 2"]);
    await one.sent();
    await one.tell("cancelled", 3);
    expect(await one.owed()).toEqual(["booking_cancelled 3", "provider_booking_cancelled 3"]);
  });

  it("twice quickly is one mail, of where it is now", async () => {
    const one = await booked();
    await one.tell("confirmed", 1);
    await one.sent();
    await one.tell("moved", 2);
    await one.tell("moved", 3);
    expect(await one.owed()).toEqual(["booking_moved 3", "provider_booking_moved 3"]);
    const dropped = (await world.mailsOf(one.id)).filter(({ droppedAt }) => droppedAt !== null);
    expect(dropped.map(({ dropReason }) => dropReason)).toEqual(["superseded", "superseded"]);
  });

  it("moved and at once cancelled is the cancellation alone", async () => {
    const one = await booked();
    await one.tell("confirmed", 1);
    await one.sent();
    await one.tell("moved", 2);
    await one.tell("cancelled", 3);
    expect(await one.owed()).toEqual(["booking_cancelled 3", "provider_booking_cancelled 3"]);
  });
});

describe("a change before the first mail went out", () => {
  it("moved: one confirmation, of where it is now", async () => {
    const one = await booked();
    await one.tell("confirmed", 1);
    await one.tell("moved", 2);
    expect(await one.owed()).toEqual(["booking_confirmed 2", "provider_booking_confirmed 2"]);
  });

  it("cancelled: nothing, as nobody was ever told", async () => {
    const one = await booked();
    await one.tell("confirmed", 1);
    await one.tell("cancelled", 2);
    expect(await one.owed()).toEqual([]);
  });

  it("but tried, so that it may have arrived: told as if it had", async () => {
    const one = await booked();
    await one.tell("confirmed", 1);
    await one.tried();
    await one.tell("cancelled", 2);
    expect(await one.owed()).toEqual(["booking_cancelled 2", "provider_booking_cancelled 2"]);
  });
});
