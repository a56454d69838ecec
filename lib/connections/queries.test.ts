import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents } from "@/db/schema/calendars";
import { disconnectConsequences } from "@/lib/connections/queries";
import { requestSync } from "@/lib/connections/request-sync";
import type { Services } from "@/lib/connections/services";
import { newId } from "@/lib/platform/ids";
import { getIntegration } from "@/lib/reporting/integrations";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
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

let services: Services;
let clock: TestClock;
let person: Person;
let id: string;

const ctx = () => person.ctx(clock.now());

beforeEach(async () => {
  clock = testClock();
  services = testServices(database.db, [scriptedVendor().provider], { clock });
  person = await createPerson(database.db);
  id = await createConnection(services, person);
  const read = { syncedSeq: 1, syncedThrough: clock.now(), lastSyncedAt: clock.now() };
  const calendarId = await createCalendar(services, id, person, { isPrimary: true, ...read });
  await createCalendar(services, id, person, { selected: false });
  await createCalendar(services, id, person, { selected: false, canWrite: false });
  await database.db.insert(calendarSyncEvents).values({
    id: newId(clock.now()),
    calendarId,
    userId: person.userId,
    provider: "google",
    externalId: "busy",
    fingerprint: "f",
    kind: "default",
    status: "confirmed",
    showAs: "busy",
    response: "none",
    startsAt: new Date(clock.now().getTime() + 3_600_000),
    endsAt: new Date(clock.now().getTime() + 7_200_000),
    learnedAt: clock.now(),
  });
});

describe("what a person sees", () => {
  it("has the contract's fields, health earned from evidence, and the last run", async () => {
    await requestSync(services, ctx(), id);
    const integration = await getIntegration(services, ctx(), id);
    expect(integration).toMatchObject({
      provider: "google",
      status: "connected",
      statusReason: null,
      capabilities: { readEvents: true, writeEvents: true },
      lastRun: { trigger: "manual", status: "running" },
      pendingExports: 0,
    });
    expect(
      integration.calendars.map(({ primary, checkForConflicts, state }) => [
        primary,
        checkForConflicts,
        state,
      ]),
    ).toEqual([
      [true, true, "ok"],
      [false, false, "ok"],
      [false, false, "ok"],
    ]);
    clock.advance(3_600_000);
    expect(await getIntegration(services, ctx(), id)).toMatchObject({ statusReason: "sync_delayed" });
  });

  it("counts what a disconnect would take away", async () => {
    expect((await disconnectConsequences(ctx(), [id])).get(id)).toEqual({
      calendars: 1,
      busyBlocks: 1,
      exportedEvents: 0,
    });
  });
});
