import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bookings, services as offers } from "@/db/schema/bookings";
import { calendarExportedBookings } from "@/db/schema/exports";
import { recognizeEcho } from "@/lib/calendar/echo";
import { exportKey } from "@/lib/calendar/export-key";
import { echoContext, loadExportIndex } from "@/lib/connections/export-index";
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

async function exported(person: Person, externalId: string | null, iCalUid: string | null = null) {
  const bookingId = await booked(person);
  await database.db.insert(calendarExportedBookings).values({
    id: newId(NOW),
    bookingId,
    userId: person.userId,
    provider: "google",
    calendarExternalId: CALENDAR,
    desired: "left",
    externalId,
    iCalUid,
    nextAttemptAt: NOW,
    createdAt: NOW,
  });
  return bookingId;
}

const met = (externalId: string, more: { iCalUid?: string; bookingMarker?: string } = {}) => ({
  externalId,
  seriesId: null,
  iCalUid: more.iCalUid ?? null,
  bookingMarker: more.bookingMarker ?? null,
});

const placeOf = (person: Person, calendarExternalId = CALENDAR) => ({
  userId: person.userId,
  installation: INSTALLATION,
  provider: "google" as const,
  calendarExternalId,
});

async function judge(person: Person, event: ReturnType<typeof met>, calendar = CALENDAR) {
  const index = await loadExportIndex(database.db, person.userId, [event]);
  return recognizeEcho(event, index, await echoContext(database.db, placeOf(person, calendar), [event]));
}

describe("the exports of one person", () => {
  it("hold what has an id at the vendor, whatever became of its connection", async () => {
    const person = await createPerson(database.db);
    const bookingId = await exported(person, "entaaa", "entaaa@google.com");
    await exported(person, null);
    const index = await loadExportIndex(database.db, person.userId);
    expect([...index.byEventId.values()].flat()).toEqual([
      {
        bookingId,
        provider: "google",
        calendarExternalId: CALENDAR,
        externalId: "entaaa",
        iCalUid: "entaaa@google.com",
      },
    ]);
    const stranger = await createPerson(database.db);
    expect((await loadExportIndex(database.db, stranger.userId)).byEventId.size).toBe(0);
  });

  it("asked for some events, are those these could be, by id or by iCal UID", async () => {
    const person = await createPerson(database.db);
    await exported(person, "entbbb", "entbbb@google.com");
    await exported(person, "entccc", "entccc@google.com");
    const byId = await loadExportIndex(database.db, person.userId, [met("entbbb")]);
    expect([...byId.byICalUid.keys()]).toEqual(["entbbb@google.com"]);
    const mirror = met("other", { iCalUid: "entccc@google.com" });
    const byUid = await loadExportIndex(database.db, person.userId, [mirror]);
    expect([...byUid.byICalUid.keys()]).toEqual(["entccc@google.com"]);
    expect((await loadExportIndex(database.db, person.userId, [])).byEventId.size).toBe(0);
  });
});

describe("an event met in a calendar", () => {
  it("is ours where its row says so, in another calendar, and as a mirror", async () => {
    const person = await createPerson(database.db);
    const bookingId = await exported(person, "entddd", "entddd@google.com");
    expect(await judge(person, met("entddd"))).toEqual({ own: true, by: "stored", bookingId });
    expect(await judge(person, met("entddd"), "elsewhere")).toEqual({ own: true, by: "moved", bookingId });
    const mirror = met("m1", { iCalUid: "entddd@google.com" });
    expect(await judge(person, mirror, "elsewhere")).toEqual({ own: true, by: "mirror", bookingId });
  });

  it("with its row lost is ours by the marker together with the id we would have given it", async () => {
    const person = await createPerson(database.db);
    const bookingId = await booked(person);
    const place = { installation: INSTALLATION, bookingId, provider: "google", generation: 0 };
    const externalId = exportKey({ ...place, calendarExternalId: CALENDAR });
    const event = met(externalId, { bookingMarker: bookingId });
    expect(await judge(person, event)).toEqual({ own: true, by: "rebuilt", bookingId });
    const copy = met("copy1", { bookingMarker: bookingId });
    expect(await judge(person, copy)).toEqual({ own: false, copy: true });
  });

  it("is not ours by somebody else's booking, nor by a marker that is no id", async () => {
    const [person, stranger] = [await createPerson(database.db), await createPerson(database.db)];
    const bookingId = await booked(stranger);
    const place = { installation: INSTALLATION, bookingId, provider: "google", generation: 0 };
    const externalId = exportKey({ ...place, calendarExternalId: CALENDAR });
    expect(await judge(person, met(externalId, { bookingMarker: bookingId }))).toMatchObject({ own: false });
    expect(await judge(person, met("x", { bookingMarker: "'; drop table" }))).toMatchObject({ own: false });
  });
});
