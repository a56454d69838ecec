import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bookings, services as offers } from "@/db/schema/bookings";
import { indexExports, recognizeEcho } from "@/lib/calendar/echo";
import { exportKey } from "@/lib/calendar/export-key";
import { echoContext } from "@/lib/connections/echo-context";
import { newId } from "@/lib/platform/ids";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createPerson, type Person } from "@/tests/support/factories";

const INSTALLATION = "https://entente.example.test";
const NOW = new Date("2026-11-23T09:00:00.000Z");
const CALENDAR = "anna@example.test";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function booked(person: Person): Promise<string> {
  const id = newId(NOW);
  const serviceId = newId(NOW);
  const owner = { userId: person.userId, kind: "appointment" as const, createdAt: NOW };
  await database.db
    .insert(offers)
    .values({ ...owner, id: serviceId, name: "Visit", slug: serviceId, durationMinutes: 30 });
  await database.db.insert(bookings).values({
    ...owner,
    id,
    serviceId,
    status: "cancelled",
    cancelledAt: NOW,
    startsAt: NOW,
    endsAt: new Date(NOW.getTime() + 1_800_000),
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    timeZone: "Europe/Paris",
    locale: "en",
    clientName: "Client",
    source: "api",
    linkHash: id,
    linkSealed: "",
    receipt: [],
    updatedAt: NOW,
  });
  return id;
}

const met = (externalId: string, bookingMarker: string) => ({
  externalId,
  seriesId: null,
  iCalUid: null,
  bookingMarker,
});

const placeOf = (person: Person) => ({
  userId: person.userId,
  installation: INSTALLATION,
  provider: "google" as const,
  calendarExternalId: CALENDAR,
});

async function judge(person: Person, event: ReturnType<typeof met>) {
  const context = await echoContext(database.db, placeOf(person), [event]);
  return recognizeEcho(event, indexExports([]), context);
}

describe("an event whose row is lost", () => {
  it("is ours by the marker together with the id we would have given it", async () => {
    const person = await createPerson(database.db);
    const bookingId = await booked(person);
    const place = { installation: INSTALLATION, bookingId, provider: "google", generation: 0 };
    const externalId = exportKey({ ...place, calendarExternalId: CALENDAR });
    const event = met(externalId, bookingId);
    expect(await judge(person, event)).toEqual({ own: true, by: "rebuilt", bookingId });
    const copy = met("copy1", bookingId);
    expect(await judge(person, copy)).toEqual({ own: false, copy: true });
  });

  it("is not ours by somebody else's booking, nor by a marker that is no id", async () => {
    const [person, stranger] = [await createPerson(database.db), await createPerson(database.db)];
    const bookingId = await booked(stranger);
    const place = { installation: INSTALLATION, bookingId, provider: "google", generation: 0 };
    const externalId = exportKey({ ...place, calendarExternalId: CALENDAR });
    expect(await judge(person, met(externalId, bookingId))).toMatchObject({ own: false });
    expect(await judge(person, met("x", "'; drop table"))).toMatchObject({ own: false });
  });
});
