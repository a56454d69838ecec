import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { enqueue } from "@/db/outbox";
import { calendarConnections } from "@/db/schema/connections";
import { mails } from "@/db/schema/mails";
import { requireReconnect } from "@/lib/connections/require-reconnect";
import { systemClock } from "@/lib/platform/clock";
import { newId } from "@/lib/platform/ids";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createConnection, createPerson, type Person, testServices } from "@/tests/support/factories";
import { startTestSandbox, type TestSandbox } from "@/tests/support/sandbox";
import { openPlace } from "./place";
import { runCommandLine } from "./run-command-line";

let database: TestDatabase;
let stand: TestSandbox;
let smtpUrl: string;
let person: Person;

beforeAll(async () => {
  [database, stand] = await Promise.all([createTestDatabase(), startTestSandbox()]);
  smtpUrl = await stand.sandbox.mail.listen();
});
afterAll(async () => {
  await stand?.close();
  await database?.drop();
});
beforeEach(async () => {
  await database.db.delete(mails);
  stand.sandbox.reset();
  person = await createPerson(database.db);
});

const DAY_MS = 86_400_000;
const instant = (days: number) => new Date(systemClock().now().getTime() + days * DAY_MS).toISOString();
const arrived = () => stand.sandbox.mail.list().length;

async function run(words: string[], change: Record<string, string> = {}) {
  const write = process.stdout.write;
  let out = "";
  process.stdout.write = (text: string | Uint8Array) => {
    out += text;
    return true;
  };
  const environment = {
    APP_URL: "http://localhost:3000",
    DATABASE_URL: database.url,
    NEXTAUTH_SECRET: "test-secret-7f3c1a9e5b2d48609182736",
    ENCRYPTION_KEYS: `k1:${Buffer.from("test-key-0123456789abcdefghijklm").toString("base64")}`,
    GOOGLE_CLIENT_ID: "id",
    GOOGLE_CLIENT_SECRET: "secret",
    SMTP_URL: smtpUrl,
    MAIL_FROM: "Entente <entente@example.test>",
    ...change,
  };
  try {
    const code = await runCommandLine([...words, "--json"], () => openPlace(environment));
    return { code, ...(JSON.parse(out) as { counts: Record<string, number>; checks: object[] }) };
  } finally {
    process.stdout.write = write;
  }
}

const sendAs = (days: number, change = {}) =>
  run(["job", "send-notifications", "--now", instant(days)], change);

async function die(): Promise<void> {
  const services = testServices(database.db, []);
  const connectionId = await createConnection(services, person);
  const now = systemClock().now();
  await requireReconnect(database.db, { connectionId, generation: 1, reason: "expired", now });
}

async function oweConfirmation(startsInDays: number): Promise<void> {
  const service = await createServiceRow(database.db, person.userId);
  const startsAt = new Date(instant(startsInDays));
  const endsAt = new Date(startsAt.getTime() + 3_600_000);
  const time = { startsAt, endsAt, clientEmail: "zoe@example.test" };
  const bookingId = await createBookingRow(database.db, service, time);
  const now = systemClock().now();
  await database.db.insert(mails).values({
    ...{ id: newId(now), userId: person.userId, kind: "booking_confirmed", bookingId, bookingVersion: 1 },
    ...{ dedupeKey: bookingId, createdAt: now, nextAttemptAt: now },
  });
}

describe("the job send-notifications", () => {
  it("sends what is due then, reminder by reminder, and no fifth", async () => {
    await die();
    const counts: number[] = [];
    for (const day of [0.5, 1.01, 2, 3.01, 7.01, 14.01, 40]) {
      expect(await sendAs(day)).toMatchObject({ code: 0 });
      counts.push(arrived());
    }
    expect(counts).toEqual([0, 1, 1, 2, 3, 4, 4]);
    const rows = await database.db.select().from(mails);
    expect(rows.every(({ sentAt }) => sentAt !== null && sentAt <= systemClock().now())).toBe(true);
  });

  it("leaves reminders that could not go where they were in the real time", async () => {
    await die();
    expect(await sendAs(14.01, { SMTP_URL: "smtp://127.0.0.1:9" })).toMatchObject({
      code: 1,
      counts: { failed: 1 },
    });
    const rows = await database.db.execute<{ day: string; ahead: number }>(sql`
      select substring(dedupe_key from '[0-9]+$') as day,
        round(extract(epoch from next_attempt_at - clock_timestamp()) / 86400)::int as ahead
      from mails where sent_at is null and dropped_at is null order by next_attempt_at`);
    expect(rows.map(({ day, ahead }) => [Number(day), ahead])).toEqual([
      [1, 1],
      [3, 3],
      [7, 7],
      [14, 14],
    ]);
    expect(await run(["job", "send-notifications"])).toMatchObject({ counts: { sent: 0 } });
    expect(await sendAs(1.01)).toMatchObject({ counts: { sent: 1 } });
  });

  it("drops nothing for good because its booking is over only then", async () => {
    await oweConfirmation(2);
    expect(await sendAs(10)).toMatchObject({ counts: { sent: 0, dropped: 1 } });
    expect(await run(["job", "send-notifications"])).toMatchObject({ counts: { sent: 1, dropped: 0 } });
    expect(arrived()).toBe(1);
  });

  it("tries again in the present what failed at a later instant", async () => {
    await oweConfirmation(30);
    expect(await sendAs(10, { SMTP_URL: "smtp://127.0.0.1:9" })).toMatchObject({ code: 1 });
    expect(await run(["job", "send-notifications"])).toMatchObject({ counts: { sent: 1 } });
  });

  it("is what a nudge asks for, too", async () => {
    await oweConfirmation(30);
    await enqueue(database.db, { name: "mail/due", data: {} }, systemClock().now());
    expect(await run(["job", "drain-outbox"])).toMatchObject({ code: 0, counts: { failed: 0 } });
    expect(arrived()).toBe(1);
  });

  it("keeps mails without a server, and the doctor says so", async () => {
    await oweConfirmation(30);
    const none = { SMTP_URL: "", MAIL_FROM: "" };
    expect(await run(["job", "send-notifications"], none)).toMatchObject({ code: 0, counts: { waiting: 1 } });
    const mail = async (change: object) => {
      const { checks } = await run(["doctor"], { ...change });
      return (checks as { code: string }[]).find(({ code }) => code === "mail");
    };
    expect(await mail(none)).toMatchObject({ status: "warning", detail: expect.stringContaining("1 wait") });
    expect(await mail({})).toMatchObject({ status: "ok" });
    expect(await mail({ SMTP_URL: "smtp://127.0.0.1:9" })).toMatchObject({ status: "failed" });
  });

  it("needs its part of the database no longer when the account is gone", async () => {
    await die();
    await database.db.delete(calendarConnections);
    expect(await sendAs(1.01)).toMatchObject({ counts: { sent: 0, dropped: 0 } });
  });
});
