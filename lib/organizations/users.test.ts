import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { timeOff } from "@/db/schema/time-off";
import { apiKeys, integrationPolicies, memberships, users } from "@/db/schema/users";
import { auditLog, rateCounters } from "@/db/schema/work";
import { parseTimeZone } from "@/lib/calendar/time-zone";
import { authenticateApiKey, createApiKey, revokeApiKey } from "@/lib/organizations/api-keys";
import { handleFrom } from "@/lib/organizations/handles";
import { getMe, updateMe } from "@/lib/organizations/me";
import { policyFor } from "@/lib/organizations/policies";
import { countAttempt } from "@/lib/organizations/rate-counters";
import { findSession, openSession, sessionCtx } from "@/lib/organizations/sessions";
import { createUser, findOrCreateBySignIn, type NewUser, usersByEmail } from "@/lib/organizations/users";
import { randomToken } from "@/lib/platform/crypto";
import { newId } from "@/lib/platform/ids";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createPerson } from "@/tests/support/factories";

const now = new Date("2026-12-01T09:00:00.000Z");
const later = (ms: number) => new Date(now.getTime() + ms);
const by = { actor: { type: "system", job: "test" } as const, now };
let database: TestDatabase;
let serial = 0;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => database?.drop());

function wish(change: Partial<NewUser> = {}): NewUser {
  serial += 1;
  return { email: `u${serial}@example.test`, name: `Person ${serial}`, timeZone: "Europe/Paris", ...change };
}

describe("an operator's new user", () => {
  it("is an administrator of the installation, unlike whoever signs up for themselves", async () => {
    const made = await createUser(database.db, wish(), by);
    const identity = {
      issuer: "https://issuer.example.test",
      subject: "signs-up",
      email: "s@example.test",
      name: "S",
    };
    const first = { timeZone: "Europe/Paris", locale: "en" as const };
    const signedUp = await findOrCreateBySignIn(database.db, identity, first, now);
    const joined = await createUser(database.db, wish({ organization: made.organizationId }), by);
    const members = await database.db.select().from(memberships);
    const ofUser = (id: string) => members.find(({ userId }) => userId === id);
    expect(ofUser(made.id)).toMatchObject({ role: "admin", appointed: true });
    expect(ofUser(signedUp.id)).toMatchObject({ role: "admin", appointed: false });
    expect(ofUser(joined.id)).toMatchObject({ role: "provider", appointed: false });
  });

  it("gets an organization of their own, or joins the one named", async () => {
    const first = await createUser(database.db, wish({ organization: "Clinic" }), by);
    const second = await createUser(database.db, wish({ organization: "Clinic" }), by);
    const third = await createUser(
      database.db,
      wish({ organization: first.organizationId, role: "admin" }),
      by,
    );
    const alone = await createUser(database.db, wish(), by);
    expect([first.role, second.role, third.role, alone.role]).toEqual([
      "admin",
      "provider",
      "admin",
      "admin",
    ]);
    expect(new Set([first, second, third].map((user) => user.organizationId)).size).toBe(1);
    expect(alone.organizationId).not.toBe(first.organizationId);
    const audit = await database.db.select().from(auditLog).where(eq(auditLog.userId, second.id));
    expect(audit).toMatchObject([
      { action: "user.created", actor: by.actor, organizationId: first.organizationId },
    ]);
  });

  it.each([
    ["invalid_input", { email: "a@x.test,b@evil.test" }],
    ["invalid_input", { email: "<a href>" }],
    ["invalid_input", { timeZone: "Nowhere" }],
    ["invalid_input", { handle: "No Handle" }],
    ["not_found", { organization: "00000000-0000-7000-8000-000000000000" }],
  ])("is refused with %s for %j (attack 27)", async (code, change) => {
    const count = async () => (await database.db.select().from(users)).length;
    const before = await count();
    await expect(createUser(database.db, wish(change), by)).rejects.toMatchObject({ code });
    expect(await count()).toBe(before);
  });

  it("takes neither another's handle nor their identity", async () => {
    const identity = { issuer: "https://accounts.google.com", subject: "s-1" };
    await createUser(database.db, wish({ handle: "taken", identity }), by);
    await expect(createUser(database.db, wish({ handle: "taken" }), by)).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(createUser(database.db, wish({ identity }), by)).rejects.toMatchObject({ code: "conflict" });
  });

  it("may share an e-mail with another, which then names neither", async () => {
    const email = "Shared@Example.test";
    const one = await createUser(database.db, wish({ email }), by);
    expect(await usersByEmail(database.db, "shared@example.TEST")).toEqual([one.id]);
    await createUser(database.db, wish({ email }), by);
    expect(await usersByEmail(database.db, email)).toHaveLength(2);
  });
});

it.each([
  ["Émile Zola", "x@y.test", "emile-zola"],
  ["李", "li.wei@y.test", "li-wei"],
  ["  --  ", "_@y.test", "provider"],
])("makes the handle of %j, %s: %s", (name, email, handle) => {
  expect(handleFrom(name, email)).toBe(handle);
});

describe("an API key", () => {
  it("is kept as a hash, recognized, and says when it was used at most once a minute", async () => {
    const { userId, organizationId } = await createPerson(database.db);
    const made = await createApiKey(database.db, { userId, scopes: ["read", "write"], actor: by.actor }, now);
    expect(made.key).toMatch(/^ent_[\w-]{43}$/);
    const stored = () => database.db.select().from(apiKeys).where(eq(apiKeys.id, made.id));
    expect(JSON.stringify(await stored())).not.toContain(made.key.slice(13));
    const ctx = await authenticateApiKey(database.db, made.key, now);
    expect(ctx).toMatchObject({
      userId,
      organizationId,
      role: "admin",
      actor: { scopes: ["read", "write"] },
    });
    await authenticateApiKey(database.db, made.key, later(59_000));
    expect(await stored()).toMatchObject([{ lastUsedAt: now }]);
    await authenticateApiKey(database.db, made.key, later(61_000));
    expect(await stored()).toMatchObject([{ lastUsedAt: later(61_000) }]);
  });

  it("is dead once revoked, once its user is disabled, and never alive when made up", async () => {
    const person = await createPerson(database.db);
    const make = () =>
      createApiKey(database.db, { userId: person.userId, scopes: ["read"], actor: by.actor }, now);
    const [revoked, orphan] = [await make(), await make()];
    await revokeApiKey(person.ctx(), revoked.id);
    await revokeApiKey(person.ctx(), revoked.id);
    expect(await authenticateApiKey(database.db, revoked.key, now)).toBeNull();
    const stranger = await createPerson(database.db);
    await expect(revokeApiKey(stranger.ctx(), orphan.id)).rejects.toMatchObject({ code: "not_found" });
    await database.db.update(users).set({ disabledAt: now }).where(eq(users.id, person.userId));
    expect(await authenticateApiKey(database.db, orphan.key, now)).toBeNull();
    for (const token of ["", "ent_", `ent_${"A".repeat(43)}`, "ent_' or 1=1 --"]) {
      expect(await authenticateApiKey(database.db, token, now)).toBeNull();
    }
    await expect(make()).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a session", () => {
  it("says who is behind it now: a changed role acts on the next request (attack 26)", async () => {
    const { userId } = await createPerson(database.db);
    const token = randomToken();
    await openSession(database.db, { token, userId, expiresAt: later(1000), replaces: null });
    const found = await findSession(database.db, token, now);
    expect(found).toMatchObject({ user: { id: userId }, organization: { role: "admin" } });
    await database.db.update(memberships).set({ role: "provider" }).where(eq(memberships.userId, userId));
    const again = await findSession(database.db, token, now);
    expect(again && sessionCtx(database.db, again, now).role).toBe("provider");
    expect(await findSession(database.db, token, later(1000))).toBeNull();
    expect(await findSession(database.db, found?.sessionHash ?? "", now)).toBeNull();
  });
});

it("moves whole days off with their owner's zone", async () => {
  const person = await createPerson(database.db);
  await database.db.insert(timeOff).values({
    id: newId(now),
    userId: person.userId,
    allDay: true,
    startsAt: new Date("2026-12-23T23:00:00.000Z"),
    endsAt: new Date("2026-12-24T23:00:00.000Z"),
    startDate: "2026-12-24",
    endDate: "2026-12-25",
    createdAt: now,
  });
  const timeZone = parseTimeZone("Asia/Kathmandu");
  await updateMe(person.ctx(now), { timeZone: timeZone ?? undefined });
  expect(await getMe(person.ctx(now))).toMatchObject({ timeZone: "Asia/Kathmandu" });
  expect(await database.db.select().from(timeOff).where(eq(timeOff.userId, person.userId))).toMatchObject([
    { startsAt: new Date("2026-12-23T18:15:00.000Z"), endsAt: new Date("2026-12-24T18:15:00.000Z") },
  ]);
});

it("begins a day off at the earlier of two midnights, as every other day begins", async () => {
  const person = await createPerson(database.db);
  await database.db.insert(timeOff).values({
    id: newId(now),
    userId: person.userId,
    allDay: true,
    startsAt: new Date("2026-10-24T22:00:00.000Z"),
    endsAt: new Date("2026-10-25T23:00:00.000Z"),
    startDate: "2026-10-25",
    endDate: "2026-10-26",
    createdAt: now,
  });
  const timeZone = parseTimeZone("Atlantic/Azores");
  await updateMe(person.ctx(now), { timeZone: timeZone ?? undefined });
  expect(await database.db.select().from(timeOff).where(eq(timeOff.userId, person.userId))).toMatchObject([
    { startsAt: new Date("2026-10-25T00:00:00.000Z"), endsAt: new Date("2026-10-26T01:00:00.000Z") },
  ]);
});

it("reads an organization's word on a vendor, and takes silence for consent", async () => {
  const { organizationId } = await createPerson(database.db);
  await database.db
    .insert(integrationPolicies)
    .values({ organizationId, provider: "microsoft", allowed: false, message: "Ask Kim." });
  expect(await policyFor(database.db, organizationId, "google")).toEqual({ allowed: true, message: null });
  expect(await policyFor(database.db, organizationId, "microsoft")).toEqual({
    allowed: false,
    message: "Ask Kim.",
  });
});

it("counts attempts of all processes together and starts afresh in the next window", async () => {
  const attempt = { name: "connect", key: "someone", rule: { limit: 5, windowSeconds: 60 } } as const;
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, () => countAttempt(database.db, attempt, now)),
  );
  expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(5);
  expect(
    await database.db.select().from(rateCounters).where(eq(rateCounters.bucket, "connect:someone")),
  ).toMatchObject([{ count: 20 }]);
  await expect(countAttempt(database.db, attempt, now)).rejects.toMatchObject({ retryAfterSeconds: 60 });
  await expect(countAttempt(database.db, attempt, later(60_000))).resolves.toBeUndefined();
});
