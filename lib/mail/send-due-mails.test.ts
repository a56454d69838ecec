import { describe, expect, it } from "vitest";
import { mails } from "@/db/schema/mails";
import { newId } from "@/lib/platform/ids";
import { createBookingRow } from "@/tests/support/booking-factories";
import { CLIENT, minutesAfter, SLOT } from "@/tests/support/booking-world";
import { mailWorld, transportTo, waitsEnd } from "@/tests/support/mail-world";

const world = mailWorld();
const arm = (operation: string, kind: string, more = {}) =>
  world.sandbox.faults.arm({ operation, kind: kind as "slow", ...more });
const ids = async () => (await world.inbox()).map(({ messageId }) => messageId);

async function oneOwed() {
  await world.book(await world.bookings.provider());
  const [row] = await world.owed();
  return row?.id ?? "";
}

const state = async () => (await world.owed())[0];

describe("sending what is due", () => {
  it("sends twice under one Message-ID when the server's yes was lost, and never a third time", async () => {
    const id = await oneOwed();
    arm("smtp.data", "reset_after");
    expect(await world.send()).toMatchObject({ sent: 0, failed: 1 });
    expect(await state()).toMatchObject({ sentAt: null, lastError: "uncertain", attempts: 1 });
    expect(await world.send()).toMatchObject({ sent: 0, failed: 0 });
    await waitsEnd(world);
    expect(await world.send()).toMatchObject({ sent: 1 });
    await waitsEnd(world);
    await world.send();
    expect(await ids()).toEqual([`<${id}@localhost>`, `<${id}@localhost>`]);
  });

  it("waits while the server is down, and sends when it is back", async () => {
    await oneOwed();
    await world.sandbox.mail.stop();
    expect(await world.send()).toEqual({ sent: 0, dropped: 0, failed: 1, waiting: 0 });
    expect(await state()).toMatchObject({ sentAt: null, lastError: expect.stringMatching(/^unreachable/) });
    await world.sandbox.mail.listen(Number(new URL(world.smtpUrl).port));
    expect(await world.send()).toMatchObject({ sent: 0 });
    await waitsEnd(world);
    expect(await world.send()).toMatchObject({ sent: 1 });
    expect(await ids()).toHaveLength(1);
  });

  it("leaves most mails untouched when nobody answers, and waits longer each time, up to an hour", async () => {
    const provider = await world.bookings.provider();
    await many(provider, 30);
    const nowhere = { ...world.services, mail: transportTo("smtp://127.0.0.1:9") };
    const { failed, waiting } = await world.send(nowhere);
    expect([failed + waiting, failed <= 5]).toEqual([30, true]);
    const waits: number[] = [];
    await world.services.db.delete(mails);
    await oneOwed();
    for (let round = 0; round < 9; round += 1) {
      await waitsEnd(world);
      await world.send(nowhere);
      waits.push(((await state())?.nextAttemptAt.getTime() ?? 0) - world.clock.now().getTime());
    }
    expect(waits.every((wait, at) => at === 0 || wait >= (waits[at - 1] ?? 0))).toBe(true);
    expect(Math.max(...waits)).toBeLessThanOrEqual(3_600_000);
    expect(waits.at(-1)).toBeGreaterThan(1_000_000);
  });

  it("drops what no mailbox takes, and tries again what may be taken later", async () => {
    await oneOwed();
    arm("smtp.recipient", "greylisted");
    expect(await world.send()).toMatchObject({ failed: 1 });
    expect(await state()).toMatchObject({
      droppedAt: null,
      lastError: expect.stringMatching(/^deferred.*451/),
    });
    await waitsEnd(world);
    arm("smtp.recipient", "recipient_refused", { account: CLIENT.email });
    expect(await world.send()).toMatchObject({ dropped: 1 });
    expect(await state()).toMatchObject({ dropReason: "refused", sentAt: null });
    await waitsEnd(world);
    expect(await world.send()).toEqual({ sent: 0, dropped: 0, failed: 0, waiting: 0 });
    expect(await ids()).toEqual([]);
  });

  it("keeps what is owed without a server, and says how much", async () => {
    await oneOwed();
    const without = { ...world.services, mail: null };
    expect(await world.send(without)).toEqual({ sent: 0, dropped: 0, failed: 0, waiting: 1 });
    expect(await state()).toMatchObject({ attempts: 0, sentAt: null });
    expect(await world.send()).toMatchObject({ sent: 1 });
  });

  it("sends 200 mails that are due at once, each once, with several at work", async () => {
    const provider = await world.bookings.provider();
    await many(provider, 200);
    const reports = await Promise.all([world.send(), world.send(), world.send()]);
    expect(reports.reduce((sum, { sent }) => sum + sent, 0)).toBe(200);
    expect(new Set(await ids()).size).toBe(200);
    expect(world.sandbox.ledger.count("smtp.data")).toBe(200);
  });

  it("lets no failure of one mail touch another", async () => {
    const provider = await world.bookings.provider();
    await many(provider, 3);
    await expect(
      world.send({
        ...world.services,
        mail: {
          ...transportTo(world.smtpUrl),
          send: ((transport) => {
            let calls = 0;
            return async (mail) => {
              calls += 1;
              if (calls === 2) throw new TypeError("a fault of ours");
              await transport.send(mail);
            };
          })(transportTo(world.smtpUrl)),
        },
      }),
    ).resolves.toMatchObject({ sent: 2, failed: 1 });
    const failed = (await world.owed()).filter(({ sentAt }) => sentAt === null);
    expect(failed).toMatchObject([{ lastError: "internal", attempts: 1 }]);
  });

  it("takes up what a worker left behind, and what a wrong clock put far ahead", async () => {
    await oneOwed();
    const abandoned = { attempts: 1, lastError: "uncertain" };
    await world.services.db
      .update(mails)
      .set({ ...abandoned, nextAttemptAt: new Date(minutesAfter(world.clock.now(), 4)) });
    expect(await world.send()).toMatchObject({ sent: 0 });
    await world.services.db.update(mails).set({ nextAttemptAt: new Date("2030-01-01T00:00:00Z") });
    expect(await world.send()).toMatchObject({ sent: 1 });
  });
});

/** Confirmations of as many bookings, written past every rule. */
async function many(provider: Awaited<ReturnType<typeof world.bookings.provider>>, count: number) {
  const now = world.clock.now();
  const rows: (typeof mails.$inferInsert)[] = [];
  for (let at = 0; at < count; at += 1) {
    const startsAt = new Date(minutesAfter(SLOT, at * 60));
    const endsAt = new Date(minutesAfter(startsAt, 60));
    const time = { startsAt, endsAt, clientEmail: `client-${at}@example.test` };
    const bookingId = await createBookingRow(world.services.db, provider.service, time);
    rows.push({
      ...{ id: newId(now), userId: provider.userId, kind: "booking_confirmed", bookingId, bookingVersion: 1 },
      ...{ dedupeKey: `many:${bookingId}`, createdAt: now, nextAttemptAt: now },
    });
  }
  await world.services.db.insert(mails).values(rows);
}
