import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { bookings, services as offers } from "@/db/schema/bookings";
import { type MAIL_KINDS, mails } from "@/db/schema/mails";
import { users } from "@/db/schema/users";
import { cancelBooking } from "@/lib/bookings/cancel-booking";
import { changeBooking } from "@/lib/bookings/change-booking";
import { newId } from "@/lib/platform/ids";
import { CLIENT, minutesAfter, SLOT } from "@/tests/support/booking-world";
import { mailWorld } from "@/tests/support/mail-world";

const world = mailWorld();

const TOKEN_LINK = /http:\/\/localhost:3000\/booking\/[\w-]{43}/;

describe("a booking's mails", () => {
  it("confirm it to the client, with a link of their own and a calendar file", async () => {
    const provider = await world.bookings.provider();
    const id = await world.book(provider, { address: "1 rue X; Paris, 2e", instructions: "Ring twice" });
    expect(await world.send()).toEqual({ sent: 1, dropped: 0, failed: 0, waiting: 0 });
    const [mail] = await world.inbox(CLIENT.email);
    const [row] = await world.owed();
    expect(mail).toMatchObject({
      from: "Entente <entente@example.test>",
      to: [`${CLIENT.name} <${CLIENT.email}>`],
      messageId: `<${row?.id}@localhost>`,
      subject: expect.stringContaining("Confirmed: Consultation, Tue"),
      text: expect.stringMatching(TOKEN_LINK),
      html: expect.stringMatching(TOKEN_LINK),
    });
    expect(mail?.headers).toContainEqual({ name: "Auto-Submitted", value: "auto-generated" });
    const [file] = mail?.attachments ?? [];
    expect(file).toMatchObject({ contentType: "text/calendar", method: "REQUEST", filename: "booking.ics" });
    const ics = file?.content.replaceAll("\r\n ", "") ?? "";
    for (const line of [
      "METHOD:REQUEST",
      `UID:${id}@localhost:3000`,
      "SEQUENCE:1",
      "DTSTART:20261124T100000Z",
      "DTEND:20261124T110000Z",
      "STATUS:CONFIRMED",
      "LOCATION:1 rue X\\; Paris\\, 2e",
    ]) {
      expect(ics.split("\r\n")).toContain(line);
    }
    expect(ics).toMatch(/ORGANIZER;CN="Person \w+":mailto:entente@example\.test/);
    expect(ics).toMatch(/DESCRIPTION:Ring twice\\n\\nhttp:\/\/localhost:3000\/booking\//);
    expect(await world.send()).toEqual({ sent: 0, dropped: 0, failed: 0, waiting: 0 });
  });

  it("speak the reader's language in the reader's zone", async () => {
    const provider = await world.bookings.provider();
    const id = await world.book(provider, { locale: "fr", timeZone: "America/New_York" });
    await world.services.db
      .update(users)
      .set({ timeZone: "Asia/Tokyo" })
      .where(eq(users.id, provider.userId));
    await insertOwed(id, "provider_booking_confirmed", 1);
    await world.send();
    const [toClient] = await world.inbox(CLIENT.email);
    const toProvider = (await world.inbox()).find(({ envelope }) => envelope.to[0] !== CLIENT.email);
    expect(toClient?.subject).toMatch(/^Confirmé\u00a0: .*05:00$/);
    expect(toClient?.text).toContain("America/New_York");
    expect(toProvider?.text).toContain("19:00");
    expect(toProvider?.text).toContain(CLIENT.phone);
    expect(toProvider?.attachments).toEqual([]);
  });

  it("tell the present state, once, when it changed before they went", async () => {
    const provider = await world.bookings.provider();
    const id = await world.book(provider);
    await world.services.db
      .update(bookings)
      .set({
        startsAt: new Date(minutesAfter(SLOT, 60)),
        endsAt: new Date(minutesAfter(SLOT, 120)),
        version: 2,
      })
      .where(eq(bookings.id, id));
    await insertOwed(id, "booking_moved", 2);
    expect(await world.send()).toMatchObject({ sent: 1 });
    const [mail] = await world.inbox();
    expect(mail?.subject).toMatch(/^Confirmed: .*12:00$/);
    expect(mail?.attachments[0]?.content).toContain("SEQUENCE:2");
    expect((await world.owed()).map(({ sentAt, dropReason }) => dropReason ?? (sentAt && "sent"))).toEqual([
      "sent",
      "superseded",
    ]);
  });

  it("move and cancel the entry in the client's calendar", async () => {
    const provider = await world.bookings.provider();
    const id = await world.book(provider);
    await world.send();
    world.clock.advance(60_000);
    const ctx = () => provider.ctx(world.clock.now());
    await changeBooking(world.services, ctx(), id, { start: minutesAfter(SLOT, 60) });
    await world.send();
    world.clock.advance(60_000);
    await cancelBooking(world.services, ctx(), id, { reason: "Ill" });
    await world.send();
    const files = (await world.inbox(CLIENT.email)).map(({ attachments }) => attachments[0]?.content ?? "");
    expect(files.map((file) => /UID:(.*)/.exec(file)?.[1]).every((uid) => uid?.startsWith(id))).toBe(true);
    expect(files.map((file) => /SEQUENCE:(\d+)/.exec(file)?.[1])).toEqual(["1", "2", "3"]);
    expect(files.map((file) => /METHOD:(\w+)/.exec(file)?.[1])).toEqual(["REQUEST", "REQUEST", "CANCEL"]);
    expect(files[2]).toContain("STATUS:CANCELLED");
    expect((await world.inbox(CLIENT.email))[2]?.text).toContain("Ill");
  });

  it("say nothing of a booking that was cancelled before anybody heard of it", async () => {
    const provider = await world.bookings.provider();
    const id = await world.book(provider);
    await world.services.db
      .update(bookings)
      .set({ status: "cancelled", cancelledAt: world.clock.now(), version: 2 })
      .where(eq(bookings.id, id));
    await insertOwed(id, "booking_cancelled", 2);
    expect(await world.send()).toMatchObject({ sent: 0, dropped: 1 });
    expect((await world.owed()).map(({ dropReason }) => dropReason)).toEqual(["never_told", "never_told"]);
    expect(await world.inbox()).toEqual([]);
  });

  it("are dropped without an address, and once the booking is over", async () => {
    const provider = await world.bookings.provider();
    const nameless = await world.book(provider);
    const late = await world.book(provider, { start: minutesAfter(SLOT, 120) });
    await world.services.db.update(bookings).set({ clientEmail: null }).where(eq(bookings.id, nameless));
    await world.services.db
      .update(bookings)
      .set({ startsAt: new Date("2026-11-23T07:00:00Z"), endsAt: new Date("2026-11-23T08:00:00Z") })
      .where(eq(bookings.id, late));
    expect(await world.send()).toEqual({ sent: 0, dropped: 2, failed: 0, waiting: 0 });
    expect((await world.owed()).map(({ dropReason }) => dropReason).sort()).toEqual(["no_address", "past"]);
  });

  it("go on to the client of a provider who was disabled, and no longer to the provider", async () => {
    const provider = await world.bookings.provider();
    const id = await world.book(provider);
    await insertOwed(id, "provider_booking_confirmed", 1);
    await world.services.db
      .update(users)
      .set({ disabledAt: world.clock.now() })
      .where(eq(users.id, provider.userId));
    expect(await world.send()).toMatchObject({ sent: 1, dropped: 1 });
    expect((await world.inbox()).map(({ envelope }) => envelope.to)).toEqual([[CLIENT.email]]);
    expect((await world.owed()).map(({ dropReason }) => dropReason).sort()).toEqual(["disabled", null]);
  });

  it("go without the button when the link can no longer be opened", async () => {
    const provider = await world.bookings.provider();
    const id = await world.book(provider);
    await world.services.db.update(bookings).set({ linkSealed: "v1.broken" }).where(eq(bookings.id, id));
    expect(await world.send()).toMatchObject({ sent: 1 });
    expect((await world.inbox())[0]?.text).not.toContain("/booking/");
  });

  it.each([
    "Zoé\r\nBcc: evil@example.test",
    "Zoé\nContent-Type: text/html\n\n<script>alert(1)</script>",
    'Zoé" <evil@example.test>, "x',
    "=?utf-8?q?Zo=0D=0ABcc:_evil@example.test?=",
    "Zoé\u2028Subject: other",
    '"\r\nATTENDEE:mailto:evil@example.test\r\nX:"',
  ])("carry no header of somebody else's making: %j", async (hostile) => {
    const provider = await world.bookings.provider();
    const id = await world.book(provider);
    const { db } = world.services;
    await db
      .update(bookings)
      .set({ clientName: hostile, address: hostile, instructions: hostile })
      .where(eq(bookings.id, id));
    await db.update(offers).set({ name: hostile }).where(eq(offers.id, provider.service.id));
    await db.update(users).set({ name: hostile }).where(eq(users.id, provider.userId));
    expect(await world.send()).toMatchObject({ sent: 1 });
    const [mail] = await world.inbox();
    expect(mail?.envelope.to).toEqual([CLIENT.email]);
    expect(mail?.to).toHaveLength(1);
    const names = mail?.headers.map(({ name }) => name.toLowerCase()) ?? [];
    expect([...new Set(names)].sort()).toEqual([...names].sort());
    expect(names).not.toContain("bcc");
    expect(mail?.html).not.toContain("<script>");
    const ics = mail?.attachments[0]?.content ?? "";
    expect(ics.split("\r\n").filter((line) => /^(ATTENDEE|BCC|X:)/i.test(line))).toHaveLength(1);
    expect(ics.replaceAll("\r\n ", "")).toMatch(new RegExp(`ATTENDEE;.*mailto:${CLIENT.email}`, "i"));
  });

  it("vanish with the person who is deleted", async () => {
    const provider = await world.bookings.provider();
    await world.book(provider);
    await world.services.db.delete(users).where(eq(users.id, provider.userId));
    expect(await world.owed()).toEqual([]);
    expect(await world.send()).toEqual({ sent: 0, dropped: 0, failed: 0, waiting: 0 });
  });
});

/** Another row beside one that has not gone yet. */
async function insertOwed(bookingId: string, kind: (typeof MAIL_KINDS)[number], version: number) {
  const [booking] = await world.services.db.select().from(bookings).where(eq(bookings.id, bookingId));
  await world.services.db.insert(mails).values({
    id: newId(world.clock.now()),
    userId: booking?.userId ?? "",
    kind,
    bookingId,
    bookingVersion: version,
    dedupeKey: `${kind}:${bookingId}:${version}`,
    createdAt: world.clock.now(),
    nextAttemptAt: world.clock.now(),
  });
}
