import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendarConnections } from "@/db/schema/connections";
import { mails } from "@/db/schema/mails";
import { users } from "@/db/schema/users";
import { disconnect } from "@/lib/connections/disconnect";
import { planExports } from "@/lib/connections/plan-exports";
import { requireReconnect } from "@/lib/connections/require-reconnect";
import { minutesAfter, NOW, SLOT } from "@/tests/support/booking-world";
import { mailWorld } from "@/tests/support/mail-world";

const world = mailWorld();
const HOUR = 60;
const DAY = 24 * HOUR;

async function dead() {
  const provider = await world.bookings.provider();
  const connection = await world.bookings.connect(provider);
  const { connectionId } = connection;
  await die(connectionId);
  return { provider, ...connection };
}

async function die(connectionId: string): Promise<boolean> {
  const [row] = await world.services.db
    .select()
    .from(calendarConnections)
    .where(eq(calendarConnections.id, connectionId));
  const input = { connectionId, generation: row?.generation ?? 0, reason: "revoked" as const };
  return requireReconnect(world.services.db, { ...input, now: world.clock.now() });
}

/** How many mails have arrived, looking at these minutes after the death. */
async function arrivedAfter(...minutes: number[]): Promise<number[]> {
  const counts: number[] = [];
  for (const at of minutes) {
    world.clock.set(minutesAfter(NOW, at));
    await world.send();
    counts.push((await world.inbox()).length);
  }
  return counts;
}

describe("the reminders of a dead connection", () => {
  it("come on days 1, 3, 7 and 14, and there is no fifth", async () => {
    await dead();
    const looks = [
      0,
      DAY - 1,
      DAY,
      2 * DAY,
      3 * DAY,
      6 * DAY,
      7 * DAY,
      13 * DAY,
      14 * DAY,
      30 * DAY,
      90 * DAY,
    ];
    expect(await arrivedAfter(...looks)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4]);
  });

  it("say which account, since when, why, and how many bookings its calendar lacks", async () => {
    const { provider, connectionId, calendarId } = await dead();
    const { db } = world.services;
    await db
      .update(calendarConnections)
      .set({ targetCalendarId: calendarId })
      .where(eq(calendarConnections.id, connectionId));
    await db.update(users).set({ locale: "fr" }).where(eq(users.id, provider.userId));
    for (const hours of [48, 50]) await world.book(provider, { start: minutesAfter(SLOT, hours * HOUR) });
    await db.transaction((tx) => planExports(tx, { userId: provider.userId, touch: false }, NOW));
    await db.delete(mails).where(sql`booking_id is not null`);
    await arrivedAfter(DAY);
    const [mail] = await world.inbox();
    const [row] = await db.select().from(calendarConnections).where(eq(calendarConnections.id, connectionId));
    expect(mail?.subject).toBe(`Google Agenda ne répond plus pour ${row?.accountEmail}`);
    for (const part of ["23 novembre 2026", "L’accès a été retiré", "2 réservations prises depuis"]) {
      expect(mail?.text).toContain(part);
    }
    expect(mail?.text).toContain(`http://localhost:3000/integrations#integration-${connectionId}`);
    expect(mail?.attachments).toEqual([]);
  });

  it("replace each other when several are due, as after days without a mail server", async () => {
    await dead();
    expect(await arrivedAfter(8 * DAY, 13 * DAY, 14 * DAY)).toEqual([1, 1, 2]);
    const reasons = (await world.owed()).map(({ dropReason }) => dropReason);
    expect(reasons).toEqual(["superseded", "superseded", null, null]);
  });

  it("end when the account leaves, and begin anew when it dies again", async () => {
    const { provider, connectionId } = await dead();
    await arrivedAfter(DAY);
    await disconnect(world.services, provider.ctx(world.clock.now()), connectionId);
    expect(await arrivedAfter(3 * DAY, 14 * DAY)).toEqual([1, 1]);
    expect((await world.owed()).map(({ dropReason }) => dropReason)).toEqual([
      null,
      "disconnected",
      "disconnected",
      "disconnected",
    ]);
  });

  it("do not reach somebody who was disabled", async () => {
    const { provider } = await dead();
    await world.services.db
      .update(users)
      .set({ disabledAt: world.clock.now() })
      .where(eq(users.id, provider.userId));
    expect(await arrivedAfter(DAY, 14 * DAY)).toEqual([0, 0]);
    expect(new Set((await world.owed()).map(({ dropReason }) => dropReason))).toContain("disabled");
  });

  it("are owed once per death, however often it is noticed", async () => {
    const { connectionId } = await dead();
    expect(await die(connectionId)).toBe(false);
    expect(await world.owed()).toHaveLength(4);
    await world.services.db
      .update(calendarConnections)
      .set({ reconnectReason: null, reconnectSince: null })
      .where(eq(calendarConnections.id, connectionId));
    // As if a reconnect had not taken them back: the mail itself looks again.
    expect(await arrivedAfter(DAY)).toEqual([0]);
    expect((await world.owed())[0]).toMatchObject({ dropReason: "reconnected" });
    expect(await die(connectionId)).toBe(true);
    expect(await world.owed()).toHaveLength(8);
  });

  it("vanish with the person who is deleted", async () => {
    const { provider } = await dead();
    await world.services.db.delete(users).where(eq(users.id, provider.userId));
    expect(await world.owed()).toEqual([]);
  });
});
