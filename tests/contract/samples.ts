import { and, desc, eq } from "drizzle-orm";
import { bulkChanges } from "@/db/schema/bulk-changes";
import { notifications } from "@/db/schema/notifications";
import { notify } from "@/lib/organizations/notify";
import { newId } from "@/lib/platform/ids";
import { syncCalendars } from "@/lib/sync/sync-due";
import { type ApiWorld, type Caller, type Connected, json } from "./api-world";

/** A person with one of everything the API names by an id. */
export interface Household extends Caller {
  connected: Connected;
  ids: {
    integration: string;
    run: string;
    attempt: string;
    event: string;
    unavailability: string;
    booking: string;
    service: string;
    notification: string;
    bulkChange: string;
  };
}

const HOUR_MS = 3_600_000;

/** The least a service needs. */
export const VISIT = { name: "Visit", durationMinutes: 60 };

/** A whole hour, some days from now. */
export function hourIn(world: ApiWorld, days: number): { start: string; end: string } {
  const day = Math.floor(world.services.clock.now().getTime() / (24 * HOUR_MS)) + days;
  const start = day * 24 * HOUR_MS + 10 * HOUR_MS;
  return { start: new Date(start).toISOString(), end: new Date(start + HOUR_MS).toISOString() };
}

/** A start of a slot within the usual week in Paris, on the working day some days from now or the next one. */
export function workingHour(world: ApiWorld, days: number): string {
  const { start } = hourIn(world, days);
  const weekday = new Date(start).getUTCDay();
  return weekday % 6 === 0 ? hourIn(world, days + (weekday === 0 ? 1 : 2)).start : start;
}

/** What books an hour, in words of its own. */
export const CLIENT = { name: "Zoé Martin", email: "zoe@example.test", phone: "+33 6 12 34 56 78" };

/** Somebody writes an event into the account's main calendar at the vendor. */
export async function writeEvent(
  world: ApiWorld,
  { account }: Connected,
  event: Record<string, unknown>,
): Promise<string> {
  return (await world.google.act("events/create", { account, event })).id;
}

export function timed(world: ApiWorld, days: number, summary: string): Record<string, unknown> {
  const { start, end } = hourIn(world, days);
  return { summary, start: { dateTime: start }, end: { dateTime: end } };
}

/** What the background does with a request for a sync. */
export async function work(world: ApiWorld, connected: Connected): Promise<void> {
  await syncCalendars(world.services, [connected.calendarId], "manual");
}

/** Checks the main calendar and reads it. */
export async function importMain(world: ApiWorld, { key }: Caller, connected: Connected): Promise<void> {
  const calendars = [{ id: connected.calendarId, checkForConflicts: true }];
  await json(await world.call("PUT", `/integrations/${connected.id}/settings`, { key, body: { calendars } }));
  await work(world, connected);
}

/** As when the main calendar had emptied. Answers its id. */
async function openBulkChange(
  { database, services }: ApiWorld,
  { userId }: Caller,
  { id: connectionId, calendarId }: Connected,
): Promise<string> {
  const now = services.clock.now();
  const id = newId(now);
  const counts = { before: 5, gone: 5, moved: 0 };
  const when = { since: now, through: now, detectedAt: now };
  await database.db.insert(bulkChanges).values({ id, userId, connectionId, calendarId, ...when, ...counts });
  return id;
}

export async function household(world: ApiWorld): Promise<Household> {
  const person = await world.caller();
  const { key } = person;
  const connected = await world.connect(person);
  await writeEvent(world, connected, timed(world, 2, "Dentist"));
  await importMain(world, person, connected);
  const first = async (path: string) => {
    const { data } = await json<{ data: { id: string }[] }>(await world.call("GET", path, { key }));
    return data[0]?.id ?? "none";
  };
  const attempt = await json<{ attemptId: string }>(
    await world.call("POST", "/integrations/google/connect", { key }),
  );
  const timeOff = await json<{ id: string }>(
    await world.call("POST", "/unavailabilities", { key, body: hourIn(world, 5) }),
    201,
  );
  const service = await json<{ id: string }>(
    await world.call("POST", "/services", { key, body: VISIT }),
    201,
  );
  const wish = { serviceId: service.id, start: workingHour(world, 12), client: CLIENT };
  const booking = await json<{ id: string }>(await world.call("POST", "/bookings", { key, body: wish }), 201);
  return {
    ...person,
    connected,
    ids: {
      integration: connected.id,
      run: await first(`/integrations/${connected.id}/history`),
      attempt: attempt.attemptId,
      event: await first("/events"),
      unavailability: timeOff.id,
      booking: booking.id,
      service: service.id,
      notification: await tellSomething(world, person.userId, connected.id),
      bulkChange: await openBulkChange(world, person, connected),
    },
  };
}

/** Tells a person that a calendar of an account of theirs is not read. Answers the notice's id. */
export async function tellSomething(
  { services: { db, clock } }: ApiWorld,
  userId: string,
  connectionId: string,
  dedupeKey = "sample",
): Promise<string> {
  const subject = { type: "integration", id: connectionId } as const;
  const params = { provider: "google", account: "zoe@example.test", calendar: "Work", code: "transient" };
  const notice = { userId, kind: "sync_failing", subject, params, dedupeKey } as const;
  await db.transaction((tx) => notify(tx, notice, clock.now()));
  const [row] = await db
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.userId, userId), eq(notifications.dedupeKey, dedupeKey)))
    .orderBy(desc(notifications.createdAt));
  return row?.id ?? "none";
}
