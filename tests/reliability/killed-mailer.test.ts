import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createBooking } from "@/lib/bookings/create-booking";
import { readMail } from "@/sandbox/mail/read-mail";
import { createServiceRow } from "@/tests/support/booking-factories";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { createPerson } from "@/tests/support/factories";
import { holdCalls } from "@/tests/support/held-calls";
import { startTestSandbox, type TestSandbox } from "@/tests/support/sandbox";
import { discardWorkerFile } from "./bundle-worker";
import { installationEnv, installationRuntime } from "./installation";
import { type Killable, startWorker } from "./processes";

let database: TestDatabase;
let sandbox: TestSandbox;
let env: Record<string, string>;
const alive = new Set<Killable>();

beforeAll(async () => {
  database = await createTestDatabase();
  sandbox = await startTestSandbox();
  env = {
    ...installationEnv({ databaseUrl: database.url, googleOrigin: sandbox.origin }),
    SMTP_URL: await sandbox.sandbox.mail.listen(),
    MAIL_FROM: "Entente <entente@example.test>",
  };
});
afterAll(async () => {
  await Promise.all([...alive].map((worker) => worker.kill()));
  await sandbox?.close();
  await database?.drop();
  discardWorkerFile();
});

async function start(): Promise<Killable> {
  const worker = await startWorker(env);
  alive.add(worker);
  return worker;
}

const delivered = async () => Promise.all(sandbox.sandbox.mail.list().map(readMail));
const mailRow = async () => {
  const rows = await database.db.execute<{
    id: string;
    attempts: number;
    sent: boolean;
    last_error: string | null;
  }>(sql`select id, attempts, sent_at is not null as sent, last_error from mails`);
  return rows[0];
};

it("sends a mail again, under the same Message-ID, when it is killed between the server's yes and its note of it", async () => {
  const runtime = installationRuntime(env);
  const now = runtime.services.clock.now();
  const person = await createPerson(database.db);
  const everyDay = JSON.stringify(
    Object.fromEntries(
      ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, [{ from: "00:00", to: "24:00" }]]),
    ),
  );
  await database.db.execute(sql`
    insert into working_hours (user_id, weekly, exceptions, updated_at)
    values (${person.userId}, ${everyDay}::jsonb, '[]', clock_timestamp())`);
  const { id: serviceId } = await createServiceRow(database.db, person.userId);
  const first = await start();

  // The delivery is held, so that the row can be, too, before the worker comes back to it.
  const delivery = holdCalls(sandbox.sandbox.faults, "smtp.data");
  const startsAt = new Date(Math.ceil(now.getTime() / 86_400_000 + 1) * 86_400_000).toISOString();
  const client = { name: "Zoë", email: "zoe@example.test" };
  await createBooking(runtime.services, person.ctx(now), { serviceId, start: startsAt, client });
  await delivery.arrived();
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`select from mails for update`);
    delivery.open();
    await eventually("the server has it", () => sandbox.sandbox.mail.list().length === 1);
    await first.kill();
    alive.delete(first);
  });
  expect(await mailRow()).toMatchObject({ sent: false, attempts: 1, last_error: "uncertain" });

  await database.db.execute(sql`update mails set next_attempt_at = next_attempt_at - interval '1 hour'`);
  await database.db.execute(sql`
    insert into outbox (name, data, created_at, next_attempt_at)
    values ('mail/due', '{}', clock_timestamp(), clock_timestamp())`);
  await start();
  await eventually("it is sent and noted", async () => (await mailRow())?.sent === true);
  const mails = await delivered();
  expect(mails.map(({ messageId }) => messageId)).toEqual(
    Array(2).fill(`<${(await mailRow())?.id}@localhost>`),
  );
  expect(mails[0]?.attachments[0]?.content.replace(/DTSTAMP:.*\r\n/, "")).toBe(
    mails[1]?.attachments[0]?.content.replace(/DTSTAMP:.*\r\n/, ""),
  );
  await runtime.handle.close();
});
