import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { notifications } from "@/db/schema/notifications";
import { withProviderTime } from "@/db/transaction";
import { disconnect } from "@/lib/connections/disconnect";
import { planExports } from "@/lib/connections/plan-exports";
import { requestExports } from "@/lib/connections/request-exports";
import type { Services } from "@/lib/connections/services";
import { settleNotices } from "@/lib/connections/settle-notices";
import type { ProviderErrorKind } from "@/lib/providers/provider-error";
import { exportConnection } from "@/lib/sync/export/export-connection";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
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
import { type ScriptedVendor, scriptedVendor } from "@/tests/support/scripted-vendor";

const DAY_MS = 86_400_000;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

let vendor: ScriptedVendor;
let clock: TestClock;
let services: Services;
let person: Person;
let connectionId: string;
let bookingIds: string[];

beforeEach(async () => {
  vendor = scriptedVendor();
  clock = testClock();
  services = testServices(database.db, [vendor.provider], { clock });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person);
  const target = await createCalendar(services, connectionId, person);
  await database.db.execute(
    sql`update calendar_connections set target_calendar_id = ${target} where id = ${connectionId}`,
  );
  const service = await createServiceRow(database.db, person.userId);
  bookingIds = [];
  for (const day of [2, 3, 4]) {
    const startsAt = new Date(clock.now().getTime() + day * DAY_MS);
    const endsAt = new Date(startsAt.getTime() + 3_600_000);
    bookingIds.push(await createBookingRow(database.db, service, { startsAt, endsAt }));
  }
  await withProviderTime(database.db, person.userId, (tx) =>
    planExports(tx, { userId: person.userId, bookingIds, touch: true }, clock.now()),
  );
});

/** The next writes fail so, and the connection is written to once it may be. */
async function drain(...kinds: ProviderErrorKind[]): Promise<void> {
  clock.advance(30 * 60_000);
  vendor.events.fail(...kinds.map((kind) => ({ call: "create" as const, kind })));
  await exportConnection(services, connectionId, "schedule");
}

const told = () =>
  database.db
    .select()
    .from(notifications)
    .where(eq(notifications.userId, person.userId))
    .orderBy(notifications.createdAt, notifications.dedupeKey);
const states = async () =>
  (await told()).map(({ subjectType, resolvedAt }) => [subjectType, resolvedAt === null]);

describe("bookings that cannot be written", () => {
  it("are told once per connection where the fault is the calendar's, and are over when written", async () => {
    await drain("permission_denied", "permission_denied", "permission_denied");
    expect(await told()).toMatchObject([
      { kind: "export_failed", subjectType: "integration", subjectId: connectionId },
    ]);
    clock.advance(2 * DAY_MS - 60 * 60_000);
    await drain("permission_denied", "permission_denied", "permission_denied");
    expect(await states()).toEqual([["integration", true]]);
    await requestExports(services, person.ctx(clock.now()), connectionId);
    await drain();
    expect(vendor.events.live().length).toBeGreaterThan(0);
    expect(await states()).toEqual([["integration", false]]);
  });

  it("are told after five failures that should have passed by themselves, not before", async () => {
    for (let time = 0; time < 4; time += 1) await drain("transient", "transient", "transient");
    expect(await states()).toEqual([]);
    await drain("transient", "transient", "transient");
    expect(await states()).toEqual([["integration", true]]);
    await drain("transient");
    await drain();
    await drain();
    expect(vendor.events.live()).toHaveLength(3);
    expect(await states()).toEqual([["integration", false]]);
  });

  it("are told one by one where the vendor refuses the event itself", async () => {
    await drain("invalid_request");
    const [first] = await told();
    expect(first).toMatchObject({
      subjectType: "booking",
      subjectId: bookingIds[0],
      params: { code: "invalid_request" },
    });
    expect(vendor.events.live()).toHaveLength(2);
    await requestExports(services, person.ctx(clock.now()), connectionId);
    await drain("invalid_request");
    expect(await states(), "tried again and refused again").toEqual([["booking", true]]);
    await requestExports(services, person.ctx(clock.now()), connectionId);
    await drain();
    expect(await states()).toEqual([["booking", false]]);
  });

  it("are not those that were written and only cannot be looked at", async () => {
    await drain();
    await database.db.execute(sql`
      update calendar_exported_bookings set verify = true where booking_id = ${bookingIds[0]}`);
    for (let time = 0; time < 8; time += 1) {
      clock.advance(DAY_MS / 8);
      vendor.events.fail({ call: "find", kind: "transient" });
      await exportConnection(services, connectionId, "schedule");
    }
    expect(await states()).toEqual([]);
  });

  it("are over with their connection, and with their time", async () => {
    await drain("invalid_request", "permission_denied", "permission_denied");
    expect(await states()).toEqual([
      ["booking", true],
      ["integration", true],
    ]);
    await settleNotices(services.db, new Date(clock.now().getTime() + 30 * DAY_MS));
    expect(await states()).toEqual([
      ["booking", false],
      ["integration", false],
    ]);
  });

  it("are nothing any more when the connection leaves", async () => {
    await drain("invalid_request", "permission_denied");
    expect(await states()).toEqual([
      ["booking", true],
      ["integration", true],
    ]);
    await disconnect(services, person.ctx(clock.now()), connectionId);
    expect((await told()).map(({ resolvedAt }) => resolvedAt)).toEqual([clock.now(), clock.now()]);
  });
});
