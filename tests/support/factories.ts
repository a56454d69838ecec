import { randomBytes } from "node:crypto";
import type { Database } from "@/db/client";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections, oauthTokens } from "@/db/schema/connections";
import { memberships, organizations, users } from "@/db/schema/users";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { createRequestLedger, type RequestLedger } from "@/lib/connections/request-ledger";
import { minuteQuotas } from "@/lib/connections/request-quotas";
import type { Services } from "@/lib/connections/services";
import { vaultForSealing } from "@/lib/connections/token-vault";
import type { AuthorizedOrganizationId, AuthorizedUserId, Ctx } from "@/lib/organizations/context";
import { type Clock, systemClock } from "@/lib/platform/clock";
import { newId } from "@/lib/platform/ids";
import { parseRateLimits } from "@/lib/platform/rate-limit";
import type { CalendarProvider } from "@/lib/providers/calendar-provider";
import { createProviders } from "@/lib/providers/registry";

export const PARIS = "Europe/Paris" as TimeZoneId;

/** A clock that a test moves by hand. */
export interface TestClock extends Clock {
  set(instant: Date | string): void;
  advance(ms: number): void;
}

export function testClock(start: Date | string = "2026-11-23T09:00:00.000Z"): TestClock {
  let at = new Date(start).getTime();
  return {
    now: () => new Date(at),
    set: (instant) => {
      at = new Date(instant).getTime();
    },
    advance: (ms) => {
      at += ms;
    },
  };
}

export function testServices(
  db: Database,
  providers: readonly CalendarProvider[],
  overrides: Partial<Services> = {},
): Services {
  const clock = overrides.clock ?? systemClock();
  return {
    db,
    clock,
    requests: testLedger(db, clock),
    random: () => 0.5,
    providers: createProviders(providers),
    masterKeys: [{ id: "test", key: randomBytes(32) }],
    appOrigin: "http://localhost:3000",
    origins: new Map(),
    mail: null,
    ...overrides,
  };
}

const { limits } = parseRateLimits(undefined);

/** Google's own quotas, and budgets that nobody uses up in a test unless it says so. */
export function testLedger(
  db: Database,
  clock: Clock,
  overrides: Partial<Parameters<typeof createRequestLedger>[0]> = {},
): RequestLedger {
  const budgets = { vendors: { google: null, microsoft: null }, person: 1_000_000 };
  return createRequestLedger({ db, clock, budgets, quotas: minuteQuotas(limits), ...overrides });
}

export interface Person {
  userId: AuthorizedUserId;
  organizationId: AuthorizedOrganizationId;
  ctx(now?: Date): Ctx;
}

/** A person with an organization of their own, so that no two tests share anything, as the command line makes one. */
export async function createPerson(
  db: Database,
  overrides: { timeZone?: string; now?: Date; appointed?: boolean } = {},
): Promise<Person> {
  const now = overrides.now ?? systemClock().now();
  const organizationId = newId(now) as AuthorizedOrganizationId;
  const userId = newId(now) as AuthorizedUserId;
  const mark = randomBytes(5).toString("hex");
  await db.insert(organizations).values({ id: organizationId, name: `Org ${mark}`, createdAt: now });
  await db.insert(users).values({
    id: userId,
    email: `${mark}@example.test`,
    name: `Person ${mark}`,
    handle: mark,
    timeZone: overrides.timeZone ?? PARIS,
    createdAt: now,
  });
  const { appointed = true } = overrides;
  await db.insert(memberships).values({ organizationId, userId, role: "admin", appointed });
  return {
    userId,
    organizationId,
    ctx: (at = systemClock().now()) => ({
      db,
      now: at,
      actor: { type: "user", userId },
      userId,
      organizationId,
      role: "admin",
    }),
  };
}

/** A connected account whose access token is good for an hour. */
export async function createConnection(
  services: Services,
  person: Person,
  overrides: Partial<typeof calendarConnections.$inferInsert> & {
    accessToken?: string;
    refreshToken?: string;
  } = {},
): Promise<string> {
  const now = services.clock.now();
  const { accessToken = "access", refreshToken = "refresh", ...columns } = overrides;
  const id = columns.id ?? newId(now);
  const mark = randomBytes(6).toString("hex");
  await services.db.insert(calendarConnections).values({
    id,
    userId: person.userId,
    organizationId: person.organizationId,
    provider: "google",
    issuer: "https://accounts.google.com",
    subject: mark,
    accountEmail: `${mark}@example.test`,
    grantedScopes: [
      "openid",
      "email",
      "https://www.googleapis.com/auth/calendar.events",
      "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
    ],
    connectedAt: now,
    ...columns,
  });
  await services.db.transaction(async (tx) => {
    const vault = await vaultForSealing(tx, person.userId, services.masterKeys);
    await tx.insert(oauthTokens).values({
      connectionId: id,
      accessToken: vault.seal(id, "access", accessToken),
      refreshToken: vault.seal(id, "refresh", refreshToken),
      accessExpiresAt: new Date(now.getTime() + 3_600_000),
      refreshedAt: now,
    });
  });
  return id;
}

/** A selected calendar that is due and has never been read. */
export async function createCalendar(
  services: Services,
  connectionId: string,
  person: Person,
  overrides: Partial<typeof calendars.$inferInsert> = {},
): Promise<string> {
  const now = services.clock.now();
  const id = overrides.id ?? newId(now);
  await services.db.insert(calendars).values({
    id,
    connectionId,
    userId: person.userId,
    externalId: `calendar-${id}`,
    name: "Work",
    timeZone: PARIS,
    accessRole: "owner",
    canWrite: true,
    selected: true,
    changeSeq: 1,
    nextSyncAt: now,
    nextReconcileAt: now,
    ...overrides,
  });
  return id;
}
