import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { diagnoseIntegration } from "@/app/api/v1/_operations/integrations";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections, oauthTokens } from "@/db/schema/connections";
import { integrationPolicies } from "@/db/schema/users";
import { calendarWatches } from "@/db/schema/watches";
import { adoptRuntime } from "@/inngest/runtime";
import { newId } from "@/lib/platform/ids";
import { apiWorld, type Caller, type Connected, json } from "./api-world";
import { importMain } from "./samples";

const world = apiWorld({ SMTP_URL: "smtp://127.0.0.1:9", MAIL_FROM: "entente@example.test" });

interface Check {
  code: string;
  status: string;
  title: string;
  detail: string;
  fix: string | null;
}

async function imported(): Promise<{ person: Caller; connection: Connected }> {
  const person = await world.caller();
  const connection = await world.connect(person);
  await importMain(world, person, connection);
  return { person, connection };
}

async function diagnose({ key }: Caller, { id }: Connected): Promise<Check[]> {
  const body = await json<{ checks: Check[] }>(
    await world.call("POST", `/integrations/${id}/diagnose`, { key }),
  );
  expect(diagnoseIntegration.answer?.safeParse(body).error).toBeUndefined();
  return body.checks;
}

const statuses = (checks: Check[]) => Object.fromEntries(checks.map(({ code, status }) => [code, status]));
const change = (id: string, set: Partial<typeof calendarConnections.$inferInsert>) =>
  world.database.db.update(calendarConnections).set(set).where(eq(calendarConnections.id, id));
const changeCalendar = (id: string, set: Partial<typeof calendars.$inferInsert>) =>
  world.database.db.update(calendars).set(set).where(eq(calendars.id, id));

const ALL_WELL = {
  policy: "ok",
  token: "ok",
  scopes: "ok",
  account: "ok",
  calendar: "ok",
  push: "ok",
  clock: "ok",
  schedule: "ok",
  requests: "ok",
  mail: "ok",
};

describe("a diagnosis", () => {
  it("of a sound connection finds every step in order, and nothing to mend", async () => {
    const { person, connection } = await imported();
    const checks = await diagnose(person, connection);
    expect(checks.map(({ code }) => code)).toEqual(Object.keys(ALL_WELL));
    expect(statuses(checks)).toEqual(ALL_WELL);
    for (const check of checks) expect(check).toMatchObject({ fix: null, title: expect.any(String) });
  });

  it("renews the token to prove the grant, and shows neither token nor the vendor's text", async () => {
    const { person, connection } = await imported();
    const own = eq(oauthTokens.connectionId, connection.id);
    const [before] = await world.database.db.select().from(oauthTokens).where(own);
    world.google.sandbox.vault.revoke(connection.account);
    const checks = await diagnose(person, connection);
    expect(statuses(checks)).toMatchObject({ token: "failed", account: "warning", calendar: "ok" });
    expect(checks.find(({ code }) => code === "token")?.fix).toContain("Reconnect");
    const [after] = await world.database.db.select().from(oauthTokens).where(own);
    expect(JSON.stringify(checks)).not.toMatch(/invalid_grant|Token has been|ya29|Bearer/i);
    for (const row of [before, after]) {
      expect(JSON.stringify(checks)).not.toContain(row?.accessToken);
      expect(JSON.stringify(checks)).not.toContain(row?.refreshToken);
    }
    const answer = await world.call("GET", `/integrations/${connection.id}`, { key: person.key });
    expect(await json(answer)).toMatchObject({ status: "reconnect_required" });
  });

  it("takes a vendor's bad hour for a warning and leaves the connection as it is", async () => {
    const { person, connection } = await imported();
    world.google.sandbox.faults.arm({ operation: "oauth.token", kind: "unavailable", count: 0 });
    const checks = await diagnose(person, connection);
    world.google.sandbox.faults.disarm();
    expect(statuses(checks)).toMatchObject({ token: "warning", account: "warning", scopes: "ok" });
    const answer = await world.call("GET", `/integrations/${connection.id}`, { key: person.key });
    expect(await json(answer)).toMatchObject({ status: "connected" });
  });

  it("names missing permissions, lost calendars and a switch that is off", async () => {
    const { person, connection } = await imported();
    await changeCalendar(connection.calendarId, { externalId: "gone@example.test" });
    expect(statuses(await diagnose(person, connection))).toMatchObject({ calendar: "failed" });
    await change(connection.id, { importEnabled: false });
    expect(statuses(await diagnose(person, connection))).toMatchObject({ calendars: "warning" });
    await change(connection.id, { autoSyncEnabled: false, importEnabled: true });
    await changeCalendar(connection.calendarId, { selected: false });
    const checks = await diagnose(person, connection);
    expect(statuses(checks)).toMatchObject({ calendars: "warning", schedule: "ok" });
    expect(checks.find(({ code }) => code === "schedule")?.detail).toContain("Switched off");
  });

  it("warns when the vendor promised to tell of changes and nothing ever came, and knows what was missed", async () => {
    const { person, connection } = await imported();
    const { id: connectionId, calendarId } = connection;
    const push = async () => (await diagnose(person, connection)).find(({ code }) => code === "push");
    const requestedAt = new Date(world.services.clock.now().getTime() - 3_600_000);
    const id = newId(requestedAt);
    await world.database.db.insert(calendarWatches).values({
      id,
      userId: person.userId,
      connectionId,
      calendarId,
      provider: "google",
      secretHash: "hash",
      requestedAt,
      expiresAt: new Date(requestedAt.getTime() + 7 * 86_400_000),
      nextAttemptAt: requestedAt,
    });
    expect(await push()).toMatchObject({ status: "warning", fix: expect.stringContaining("https") });
    const set = (values: Partial<typeof calendarWatches.$inferInsert>) =>
      world.database.db.update(calendarWatches).set(values).where(eq(calendarWatches.id, id));
    await set({ verifiedAt: requestedAt });
    expect(await push()).toMatchObject({ status: "ok", detail: expect.stringContaining("1 of 1") });
    const ofList = expect.stringContaining("added, renamed or removed");
    expect((await push())?.detail).not.toEqual(ofList);
    await world.database.db
      .update(calendarConnections)
      .set({ listWatchFailures: 1 })
      .where(eq(calendarConnections.id, connectionId));
    expect(await push()).toMatchObject({ status: "ok", detail: ofList });
    await set({ missed: 2 });
    expect(await push()).toMatchObject({ status: "warning" });
  });

  it("warns when nobody would be told by mail", async () => {
    const { person, connection } = await imported();
    adoptRuntime({ ...world.runtime, services: { ...world.services, mail: null } });
    const checks = await diagnose(person, connection);
    adoptRuntime(world.runtime);
    expect(statuses(checks)).toEqual({ ...ALL_WELL, mail: "warning" });
    expect(checks.at(-1)?.fix).toContain("SMTP_URL");
  });

  it("tells calendars apart: failing, old, half read", async () => {
    const { person, connection } = await imported();
    const { calendarId } = connection;
    const calendar = async () => (await diagnose(person, connection)).find(({ code }) => code === "calendar");
    const ago = (minutes: number) => new Date(world.services.clock.now().getTime() - minutes * 60_000);
    await changeCalendar(calendarId, { failures: 1, lastErrorKind: "transient", lastErrorAt: ago(1) });
    expect(await calendar()).toMatchObject({
      status: "warning",
      detail: expect.stringContaining("1 time in"),
    });
    await changeCalendar(calendarId, { failures: 4, lastErrorKind: "permission_denied" });
    expect(await calendar()).toMatchObject({ status: "failed", fix: expect.stringContaining("owner") });
    await changeCalendar(calendarId, {
      failures: 0,
      lastErrorKind: null,
      syncedThrough: ago(30),
      nextSyncAt: ago(1),
    });
    expect(await calendar()).toMatchObject({
      status: "warning",
      detail: expect.stringContaining("longer ago"),
    });
    await changeCalendar(calendarId, { syncedThrough: ago(1), windowEnd: ago(0) });
    expect(await calendar()).toMatchObject({ status: "warning", detail: expect.stringContaining("Part of") });
    await changeCalendar(calendarId, { syncedThrough: null, lastSyncedAt: null });
    expect(await calendar()).toMatchObject({
      status: "warning",
      detail: expect.stringContaining("first time"),
    });
  });

  it("notices that nobody works off what is due", async () => {
    const { person, connection } = await imported();
    const longAgo = new Date(world.services.clock.now().getTime() - 20 * 60_000);
    await changeCalendar(connection.calendarId, { nextSyncAt: longAgo });
    expect(statuses(await diagnose(person, connection))).toMatchObject({ schedule: "failed" });
    // Nobody is to read these, so nobody is late.
    await change(connection.id, { importEnabled: false });
    expect(statuses(await diagnose(person, connection))).toMatchObject({ schedule: "ok" });
  });

  it("asks the vendor nothing where the organization forbids it", async () => {
    const { person, connection } = await imported();
    const { organizationId } = person;
    await world.database.db
      .insert(integrationPolicies)
      .values({ organizationId, provider: "google", allowed: false });
    const sent = world.google.sent.length;
    expect(statuses(await diagnose(person, connection))).toMatchObject({
      policy: "failed",
      token: "warning",
    });
    expect(world.google.sent.length).toBe(sent);
  });

  it("says when requests run short, which is for an administrator to mend", async () => {
    const { person, connection } = await imported();
    const requests = { ...world.runtime.requests, pressure: () => 0.9 };
    adoptRuntime({ ...world.runtime, services: { ...world.services, requests } });
    const checks = await diagnose(person, connection);
    adoptRuntime(world.runtime);
    expect(statuses(checks)).toEqual({ ...ALL_WELL, requests: "warning" });
    expect(checks.find(({ code }) => code === "requests")?.fix).toContain("administrator");
  });

  it("says when a minute of the provider's is nearly used up", async () => {
    const { person, connection } = await imported();
    const requests = { ...world.runtime.requests, hasRoom: () => false };
    adoptRuntime({ ...world.runtime, services: { ...world.services, requests } });
    const checks = await diagnose(person, connection);
    adoptRuntime(world.runtime);
    expect(statuses(checks)).toEqual({ ...ALL_WELL, requests: "warning" });
    expect(checks.find(({ code }) => code === "requests")?.detail).toContain("minute");
  });
});
