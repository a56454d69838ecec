import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { JOBS } from "@/inngest/jobs";
import { spanRange } from "@/lib/calendar/event-time";
import { importWindow, touches } from "@/lib/calendar/window";
import type { Services } from "@/lib/connections/services";
import { createProviderFetch, type ProviderFetch } from "@/lib/platform/http";
import { createGoogleProvider } from "@/lib/providers/google/google-provider";
import { createProviders } from "@/lib/providers/registry";
import type { FaultOrder } from "@/sandbox/core/faults";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  PARIS,
  type Person,
  type TestClock,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";

const MINUTE_MS = 60_000;

export interface VendorWorld {
  database: TestDatabase;
  google: GoogleBench;
  clock: TestClock;
  services: Services;
  person: Person;
  account: { email: string; accessToken: string; refreshToken: string };
  connectionId: string;
  calendarId: string;
  /** What the next rounds go through, e.g. to change an answer on its way. */
  fetchThrough(fetch: (real: ProviderFetch) => ProviderFetch): void;
  /** Whether the next rounds give up on an answer soon, for a vendor that gives none in time. */
  hurry(hurried: boolean): void;
  arm(order: Partial<FaultOrder> & { kind: FaultOrder["kind"] }): void;
  /** So many minutes pass, with the schedule's tick in each. */
  minutes(count: number): Promise<void>;
  /** External id and instants of every stored row of the calendar. */
  stored(): Promise<string[]>;
  /** The same of what the vendor would tell in a fresh list. */
  truth(): Promise<string[]>;
  requests(): number;
}

/** A person with one calendar in Google's stand-in, for each test of a file anew; all clocks move together. */
export function vendorWorld(): VendorWorld {
  const world = {} as VendorWorld;
  let serial = 0;
  beforeAll(async () => {
    world.database = await createTestDatabase();
    world.google = await openGoogle();
    const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
    world.google.sandbox.oauth.clients.set(client.id, client);
  });
  afterAll(async () => {
    await world.google?.[Symbol.asyncDispose]();
    await world.database?.drop();
  });
  beforeEach(async () => {
    serial += 1;
    const { google, database } = world;
    google.sandbox.faults.disarm();
    google.sandbox.clock.reset();
    world.clock = testClock(new Date());
    world.account = google.account(`person-${serial}@example.test`);
    world.services = testServices(database.db, [google.provider], { clock: world.clock });
    world.person = await createPerson(database.db);
    world.connectionId = await createConnection(world.services, world.person, {
      ...world.account,
      accountEmail: world.account.email,
      subject: `subject-${serial}`,
    });
    world.calendarId = await createCalendar(world.services, world.connectionId, world.person, {
      externalId: world.account.email,
    });
    google.sandbox.ledger.reset();
  });

  const through = (fetch: ProviderFetch) => {
    world.services = {
      ...world.services,
      providers: createProviders([createGoogleProvider({ ...CLIENT, fetch })]),
    };
  };
  world.fetchThrough = (change) => through(change(createProviderFetch({ origins: world.google.origins })));
  world.hurry = (hurried) => {
    const { origins } = world.google;
    through(createProviderFetch({ origins, ...(hurried && { timeoutMs: 400 }) }));
  };
  world.arm = (order) => {
    const { email } = world.account;
    world.google.sandbox.faults.arm({
      operation: "calendar.events.list",
      account: email,
      count: 0,
      ...order,
    });
  };
  world.minutes = async (count) => {
    for (let minute = 0; minute < count; minute += 1) {
      world.clock.advance(MINUTE_MS);
      world.google.sandbox.clock.set(world.clock.now());
      await JOBS["sync-tick"](world.services, { connectionId: world.connectionId });
    }
  };
  world.stored = () => storedRows(world.database, world.calendarId);
  world.truth = () => truthOf(world.google, world.account.email, world.clock.now());
  world.requests = () => world.google.sandbox.ledger.count("calendar.events.list");
  return world;
}

export async function storedRows(database: TestDatabase, calendarId: string): Promise<string[]> {
  const rows = await database.db.execute<{ line: string }>(sql`
    select external_id || ' ' || (extract(epoch from starts_at) * 1000)::bigint || ' ' ||
      (extract(epoch from ends_at) * 1000)::bigint as line
    from calendar_sync_events where calendar_id = ${calendarId}`);
  return rows.map((row) => row.line).sort();
}

/** What is in the account's main calendar now, asked with a token of its own, past every armed fault. */
export async function truthOf(
  google: GoogleBench,
  email: string,
  now: Date,
  externalId = email,
): Promise<string[]> {
  const scopes = ["https://www.googleapis.com/auth/calendar"];
  const grant = { account: email, clientId: "observer", scopes };
  const { token } = google.sandbox.vault.issueAccess(grant, false);
  const window = importWindow(now);
  const armed = google.sandbox.faults.list();
  google.sandbox.faults.disarm();
  const calendar = { externalId, timeZone: PARIS };
  const events = await google.provider.listWindow({ accessToken: token }, calendar, window);
  for (const { id: _id, calls: _calls, struck: _struck, ...order } of armed) google.sandbox.faults.arm(order);
  return events
    .map((event) => ({ event, range: spanRange(event, PARIS) }))
    .filter(({ range }) => touches(window, range))
    .map(({ event, range }) => `${event.externalId} ${range.start.getTime()} ${range.end.getTime()}`)
    .sort();
}
