import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { mails } from "@/db/schema/mails";
import { renderMail } from "@/emails/render-mail";
import { createBooking } from "@/lib/bookings/create-booking";
import type { Services } from "@/lib/connections/services";
import { type MailReport, sendDueMails } from "@/lib/mail/send-due-mails";
import { openMailTransport } from "@/lib/platform/mail";
import { parseMailServer } from "@/lib/platform/mail-server";
import type { Sandbox } from "@/sandbox/core/server";
import { type ReadMail, readMail } from "@/sandbox/mail/read-mail";
import { type BookingWorld, bookingWorld, CLIENT, NOW, type Provider, SLOT } from "./booking-world";
import { type TestClock, testClock } from "./factories";
import { startTestSandbox } from "./sandbox";

export interface MailWorld {
  bookings: BookingWorld;
  /** With a mail server, and a clock the test moves. */
  services: Services;
  clock: TestClock;
  sandbox: Sandbox;
  smtpUrl: string;
  send(services?: Services): Promise<MailReport>;
  /** What was delivered, oldest first. */
  inbox(to?: string): Promise<ReadMail[]>;
  owed(): Promise<(typeof mails.$inferSelect)[]>;
  book(provider: Provider, more?: Record<string, unknown>): Promise<string>;
}

/** People with bookings beside a mail server. No mail is owed and none was delivered when a test begins. */
export function mailWorld(): MailWorld {
  const world = { bookings: bookingWorld({ max: 20 }), clock: testClock(NOW) } as MailWorld;
  beforeAll(async () => {
    const { sandbox } = await startTestSandbox();
    world.sandbox = sandbox;
    world.smtpUrl = await sandbox.mail.listen();
    world.services = {
      ...world.bookings.services,
      clock: world.clock,
      mail: transportTo(world.smtpUrl),
    };
  });
  beforeEach(async () => {
    world.clock.set(NOW);
    world.sandbox.reset();
    await world.services.db.delete(mails);
  });
  afterAll(() => world.sandbox?.close());

  world.send = (services = world.services) => sendDueMails(services, renderMail);
  world.inbox = async (to) => {
    const read = await Promise.all(world.sandbox.mail.list().reverse().map(readMail));
    return read.filter(({ envelope }) => to === undefined || envelope.to.includes(to));
  };
  // Ids made in one millisecond have no order; the keys of one connection's reminders end with their day.
  world.owed = () =>
    world.services.db
      .select()
      .from(mails)
      .orderBy(mails.createdAt, mails.bookingVersion, sql`length(${mails.dedupeKey})`, mails.dedupeKey);
  world.book = async (provider, more = {}) => {
    const wish = { serviceId: provider.service.id, start: SLOT, client: CLIENT, ...more };
    const { id } = await createBooking(world.services, provider.ctx(world.clock.now()), wish);
    return id;
  };
  return world;
}

export function transportTo(url: string): NonNullable<Services["mail"]> {
  const parsed = parseMailServer(url);
  if ("fault" in parsed) throw new Error(parsed.fault);
  return openMailTransport(parsed.server, { name: "Entente", address: "entente@example.test" });
}

/** As if every wait and every lease were over. */
export async function waitsEnd({ services }: MailWorld): Promise<void> {
  await services.db
    .update(mails)
    .set({ nextAttemptAt: services.clock.now() })
    .where(sql`${mails.sentAt} is null and ${mails.droppedAt} is null`);
}
