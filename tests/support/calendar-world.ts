import { afterAll, beforeAll, beforeEach } from "vitest";
import type { calendars } from "@/db/schema/calendars";
import type { Services } from "@/lib/connections/services";
import type { Ctx } from "@/lib/organizations/context";
import { createTestDatabase, type TestDatabase } from "./database";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  type TestClock,
  testClock,
  testServices,
} from "./factories";
import { type ScriptedVendor, scriptedVendor } from "./scripted-vendor";

/** When its clock begins. */
export const NOW = testClock().now();

export interface CalendarWorld {
  database: TestDatabase;
  vendor: ScriptedVendor;
  clock: TestClock;
  services: Services;
  person: Person;
  connectionId: string;
  calendarId: string;
  /** Another calendar of the same account, changed as a test needs it. Answers its id. */
  addCalendar(overrides?: Parameters<typeof createCalendar>[3]): Promise<string>;
  /** The person's, at the clock's time. */
  ctx(): Ctx;
}

/** A person with one calendar of a vendor that a test scripts, for each test of a file anew. */
export function calendarWorld(calendar: Partial<typeof calendars.$inferInsert> = {}): CalendarWorld {
  const world = {} as CalendarWorld;
  beforeAll(async () => {
    world.database = await createTestDatabase();
  });
  afterAll(() => world.database?.drop());
  beforeEach(async () => {
    const { db } = world.database;
    world.vendor = scriptedVendor();
    world.clock = testClock();
    world.services = testServices(db, [world.vendor.provider], { clock: world.clock });
    world.person = await createPerson(db);
    world.connectionId = await createConnection(world.services, world.person);
    world.calendarId = await createCalendar(world.services, world.connectionId, world.person, calendar);
  });

  world.addCalendar = (overrides) =>
    createCalendar(world.services, world.connectionId, world.person, overrides);
  world.ctx = () => world.person.ctx(world.clock.now());
  return world;
}
