import { eq } from "drizzle-orm";
import type { Database } from "@/db/client";
import { type services, workingHours } from "@/db/schema/bookings";
import { memberships, users } from "@/db/schema/users";
import { publicAvailability } from "@/lib/bookings/public-availability";
import { horizonEnd } from "@/lib/calendar/slots";
import { createServiceRow } from "@/tests/support/booking-factories";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  testServices,
} from "@/tests/support/factories";

/** Somebody's public page with one service on it. */
export interface Offer {
  userId: string;
  /** Their name, as clients read it. */
  name: string;
  providerPath: string;
  path: string;
  /** The starts of the free slots, soonest first. */
  starts: () => Promise<string[]>;
}

const MORNINGS = [{ from: "09:00", to: "12:00" }];

/** Somebody new in Paris who offers half an hour, every morning. */
export async function offerSomething(
  db: Database,
  columns: Partial<typeof services.$inferInsert> = {},
): Promise<Offer> {
  const { userId } = await createPerson(db);
  const weekly = { mon: MORNINGS, tue: MORNINGS, wed: MORNINGS, thu: MORNINGS, fri: MORNINGS };
  await db.insert(workingHours).values({
    userId,
    weekly: { ...weekly, sat: MORNINGS, sun: MORNINGS },
    exceptions: [],
    updatedAt: new Date(),
  });
  const service = await createServiceRow(db, userId, {
    name: "First consultation",
    durationMinutes: 30,
    slotStepMinutes: 30,
    location: "12 rue des Lilas, Lyon",
    priceAmount: 60,
    priceCurrency: "EUR",
    ...columns,
  });
  const [user] = await db.select().from(users).where(eq(users.id, userId));
  const { handle = "", name = "" } = user ?? {};
  const starts = async () => {
    const now = new Date();
    const wish = { handle, slug: service.slug, from: now, to: horizonEnd(service, now) };
    const { slots } = await publicAvailability(testServices(db, []), wish, now);
    return slots.map(({ start }) => start);
  };
  const providerPath = `/book/${handle}`;
  return { userId, name, providerPath, path: `${providerPath}/${service.slug}`, starts };
}

/** The address of the form for a slot. */
export function formPath(path: string, start: string | undefined): string {
  return `${path}?${new URLSearchParams({ start: start ?? "" })}`;
}

/** Connects a calendar that counts and that nothing can read: no key of the app opens its tokens. */
export async function connectUnread(db: Database, userId: string): Promise<void> {
  const [membership] = await db.select().from(memberships).where(eq(memberships.userId, userId));
  const person = { userId, organizationId: membership?.organizationId } as Person;
  const services = testServices(db, []);
  await createCalendar(services, await createConnection(services, person), person);
}
