import { randomBytes } from "node:crypto";
import type { Database } from "@/db/client";
import { bookings, services } from "@/db/schema/bookings";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { newId } from "@/lib/platform/ids";

type ServiceRow = typeof services.$inferSelect;

/** An hour's appointment, every quarter of an hour, changed as a test needs it. */
export async function createServiceRow(
  db: Database,
  userId: string,
  overrides: Partial<typeof services.$inferInsert> = {},
): Promise<ServiceRow> {
  const [row] = await db
    .insert(services)
    .values({
      id: newId(new Date(0)),
      userId,
      kind: "appointment",
      name: "Consultation",
      slug: `consultation-${randomBytes(4).toString("hex")}`,
      durationMinutes: 60,
      createdAt: new Date(0),
      ...overrides,
    })
    .returning();
  if (row === undefined) throw new Error("no service was stored");
  return row;
}

/** A confirmed booking of a service, written past every rule. */
export async function createBookingRow(
  db: Database,
  service: ServiceRow,
  time: { startsAt: Date; endsAt: Date } & Partial<typeof bookings.$inferInsert>,
): Promise<string> {
  const id = newId(time.startsAt);
  await db.insert(bookings).values({
    id,
    userId: service.userId,
    serviceId: service.id,
    kind: service.kind,
    status: "confirmed",
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    timeZone: "Europe/Paris",
    locale: "en",
    clientName: "Client",
    source: "api",
    linkHash: randomBytes(8).toString("hex"),
    linkSealed: "sealed",
    receipt: [],
    createdAt: time.startsAt,
    updatedAt: time.startsAt,
    ...time,
  });
  return id;
}

/** An ordinary busy event as an import stores it. */
export async function createEventRow(
  db: Database,
  place: { userId: string; calendarId: string; startsAt: Date; endsAt: Date },
  overrides: Partial<typeof calendarSyncEvents.$inferInsert> = {},
): Promise<{ id: string; externalId: string }> {
  const [id, externalId] = [newId(place.startsAt), `event-${randomBytes(5).toString("hex")}`];
  const row = { externalId, ...overrides };
  await db.insert(calendarSyncEvents).values({
    id,
    provider: "google",
    fingerprint: "f",
    kind: "default",
    status: "confirmed",
    showAs: "busy",
    response: "none",
    title: "Meeting",
    learnedAt: place.startsAt,
    ...place,
    ...row,
  });
  return { id, externalId: row.externalId };
}
