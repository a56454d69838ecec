import { and, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { startOfDay } from "@/lib/calendar/event-time";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { changeCalendarZone } from "@/lib/connections/calendar-zone";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { refreshStaleCalendarLists } from "@/lib/connections/refresh-lists";
import type { Services } from "@/lib/connections/services";
import { newId } from "@/lib/platform/ids";
import type { ProviderCalendar } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createConnection,
  createPerson,
  PARIS,
  type Person,
  type TestClock,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { scriptedVendor } from "@/tests/support/scripted-vendor";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const TOKYO = "Asia/Tokyo" as TimeZoneId;

let services: Services;
let clock: TestClock;
let person: Person;
let connectionId: string;
let account: ProviderCalendar[] | ProviderError;

function shown(externalId: string, overrides: Partial<ProviderCalendar> = {}): ProviderCalendar {
  return {
    externalId,
    name: externalId,
    color: null,
    timeZone: PARIS,
    accessRole: "owner",
    canWrite: true,
    primary: false,
    ...overrides,
  };
}

beforeEach(async () => {
  await database.db.delete(calendarConnections);
  clock = testClock();
  const listCalendars = async () => {
    if (account instanceof ProviderError) throw account;
    return account;
  };
  services = testServices(database.db, [{ ...scriptedVendor().provider, listCalendars }], { clock });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person);
  account = [shown("main", { primary: true }), shown("team")];
  await refreshCalendars(services, connectionId);
  await database.db.update(calendars).set({ selected: true }).where(eq(calendars.externalId, "main"));
});

const refresh = () => refreshCalendars(services, connectionId);
async function calendar(externalId: string) {
  const [row] = await database.db
    .select()
    .from(calendars)
    .where(and(eq(calendars.connectionId, connectionId), eq(calendars.externalId, externalId)));
  return row;
}

async function allDay(calendarId: string, date: string, end: string, zone: TimeZoneId) {
  await database.db.insert(calendarSyncEvents).values({
    id: newId(clock.now()),
    calendarId,
    userId: person.userId,
    provider: "google",
    externalId: `${date}-${end}`,
    fingerprint: "f",
    kind: "default",
    status: "confirmed",
    showAs: "busy",
    response: "none",
    startsAt: startOfDay(date as IsoDate, zone),
    endsAt: startOfDay(end as IsoDate, zone),
    startDate: date,
    endDate: end,
    learnedAt: clock.now(),
  });
}

describe("a calendar list read again", () => {
  it("shows new calendars unchecked and changes nothing when nothing changed", async () => {
    account = [shown("main", { primary: true }), shown("team"), shown("new")];
    const changes = await refresh();
    expect(changes).toMatchObject({ removed: [], changed: [] });
    expect(changes?.added).toHaveLength(1);
    expect(await calendar("new")).toMatchObject({ selected: false, changeSeq: 0 });
    expect(await refresh()).toEqual({
      added: [],
      removed: [],
      changed: [],
      zoneChanged: [],
      targetLost: false,
    });
  });

  it("follows names, colours and roles, unknown roles included", async () => {
    account = [
      shown("main", { primary: true, name: "Practice", color: "#fff" }),
      shown("team", { canWrite: false, accessRole: "someFutureRole" }),
    ];
    expect((await refresh())?.changed).toHaveLength(2);
    expect(await calendar("main")).toMatchObject({ name: "Practice", color: "#fff", selected: true });
    expect(await calendar("team")).toMatchObject({ canWrite: false, accessRole: "someFutureRole" });
  });

  it("removes what was deleted or unshared, with its events, and unsets it as target", async () => {
    const team = await calendar("team");
    await allDay(team?.id ?? "", "2026-12-01", "2026-12-02", PARIS);
    await database.db
      .update(calendarConnections)
      .set({ targetCalendarId: team?.id })
      .where(eq(calendarConnections.id, connectionId));
    account = [shown("main", { primary: true })];
    expect(await refresh()).toMatchObject({ removed: [team?.id], targetLost: true });
    const events = await database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.userId, person.userId));
    expect(events).toEqual([]);
    const [connection] = await database.db.select().from(calendarConnections);
    expect(connection?.targetCalendarId).toBeNull();
  });

  it("keeps a target that became read-only, for its owner to see", async () => {
    const main = await calendar("main");
    await database.db.update(calendarConnections).set({ targetCalendarId: main?.id });
    account = [shown("main", { primary: true, canWrite: false, accessRole: "reader" }), shown("team")];
    await refresh();
    const [connection] = await database.db.select().from(calendarConnections);
    expect(connection?.targetCalendarId).toBe(main?.id);
  });

  it("does not believe an empty list", async () => {
    account = [];
    await expect(refresh()).rejects.toMatchObject({ kind: "malformed_response" });
    expect(await calendar("main")).toBeDefined();
  });

  it("asks for a reconnect when the permission to list is gone, and for nothing when the vendor is down", async () => {
    account = new ProviderError("transient");
    await expect(refresh()).rejects.toMatchObject({ kind: "transient" });
    account = new ProviderError("scope_missing");
    expect(await refresh()).toBeNull();
    const [connection] = await database.db.select().from(calendarConnections);
    expect(connection?.reconnectReason).toBe("insufficient_scopes");
  });

  it("writes nothing for a connection that changed hands meanwhile", async () => {
    const answer = [shown("main", { primary: true }), shown("late")];
    const listCalendars = async () => {
      await database.db.update(calendarConnections).set({ generation: sql`generation + 1` });
      return answer;
    };
    const slow = testServices(database.db, [{ ...scriptedVendor().provider, listCalendars }], {
      clock,
      masterKeys: services.masterKeys,
    });
    expect(await refreshCalendars(slow, connectionId)).toBeNull();
    expect(await calendar("late")).toBeUndefined();
  });
});

describe("a calendar that moves to another zone", () => {
  it("moves its all-day events in the same step, days with a clock change included", async () => {
    const main = await calendar("main");
    const id = main?.id ?? "";
    await allDay(id, "2026-10-25", "2026-10-26", PARIS);
    await allDay(id, "2027-03-27", "2027-03-29", PARIS);
    account = [shown("main", { primary: true, timeZone: TOKYO }), shown("team")];
    expect((await refresh())?.zoneChanged).toEqual([id]);
    const events = await database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.calendarId, id))
      .orderBy(calendarSyncEvents.startDate);
    expect(events.map((event) => [event.startsAt.toISOString(), event.endsAt.toISOString()])).toEqual([
      ["2026-10-24T15:00:00.000Z", "2026-10-25T15:00:00.000Z"],
      ["2027-03-26T15:00:00.000Z", "2027-03-28T15:00:00.000Z"],
    ]);
    expect(await calendar("main")).toMatchObject({
      timeZone: TOKYO,
      generation: (main?.generation ?? 0) + 1,
    });
  });

  it("is a no-op for a calendar that is gone", async () => {
    await expect(changeCalendarZone(database.db, newId(clock.now()), TOKYO)).resolves.toBeUndefined();
  });
});

it("the job reads again what was listed a day ago, and heals a list from the future", async () => {
  expect(await refreshStaleCalendarLists(services)).toMatchObject({ due: 0 });
  clock.advance(25 * 3_600_000);
  expect(await refreshStaleCalendarLists(services)).toEqual({ due: 1, refreshed: 1, failed: 0 });
  clock.advance(-8 * 24 * 3_600_000);
  expect(await refreshStaleCalendarLists(services)).toEqual({ due: 1, refreshed: 1, failed: 0 });
});
