import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { calendarConnections } from "@/db/schema/connections";
import { userKeys } from "@/db/schema/users";
import { calendarWatches } from "@/db/schema/watches";
import { authenticateApiKey } from "@/lib/organizations/api-keys";
import { wrapUserKey } from "@/lib/platform/crypto";
import { newId } from "@/lib/platform/ids";
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createCalendar, createConnection, createPerson, testServices } from "@/tests/support/factories";
import { type ScriptedIssuer, startScriptedIssuer } from "@/tests/support/scripted-issuer";
import { openPlace } from "./place";
import { runCommandLine } from "./run-command-line";

const program = resolve(import.meta.dirname, "../entente.ts");
let database: TestDatabase;
let issuer: ScriptedIssuer;

beforeAll(async () => {
  [database, issuer] = await Promise.all([createTestDatabase(), startScriptedIssuer()]);
});
afterAll(async () => {
  await database?.drop();
  await issuer?.stop();
});

const environment = (change: Record<string, string> = {}) => ({
  APP_URL: "http://localhost:3000",
  DATABASE_URL: database.url,
  NEXTAUTH_SECRET: "test-secret-7f3c1a9e5b2d48609182736",
  ENCRYPTION_KEYS: `k1:${Buffer.from("test-key-0123456789abcdefghijklm").toString("base64")}`,
  GOOGLE_CLIENT_ID: "id",
  GOOGLE_CLIENT_SECRET: "secret",
  PROVIDER_ORIGINS: JSON.stringify(issuer.origins),
  ...change,
});

/** Runs a command in this process and answers what it printed. */
async function run(
  words: string[],
  change: Record<string, string> = {},
): Promise<{ code: number; out: string }> {
  const write = process.stdout.write;
  let out = "";
  process.stdout.write = (text: string | Uint8Array) => {
    out += text;
    return true;
  };
  try {
    const code = await runCommandLine(words, () => openPlace(environment(change)));
    return { code, out: out.trim() };
  } finally {
    process.stdout.write = write;
  }
}

const createUser = (email: string, ...more: string[]) =>
  run(["user", "create", "--email", email, "--name", "Kim", "--time-zone", "Europe/Paris", ...more]);

describe("the command line", () => {
  it("prints a new user's id alone, then a key that works", async () => {
    const user = await createUser("kim@example.test", "--organization", "Clinic");
    expect(user.out).toMatch(/^[0-9a-f-]{36}$/);
    const key = await run(["api-key", "create", "--email", "KIM@example.test", "--scopes", "read,admin"]);
    const ctx = await authenticateApiKey(database.db, key.out, new Date());
    expect(ctx).toMatchObject({ userId: user.out, role: "admin", actor: { scopes: ["read", "admin"] } });
    const json = JSON.parse((await run(["api-key", "create", "--user", user.out, "--json"])).out);
    expect(json).toMatchObject({
      userId: user.out,
      scopes: ["read", "write", "connect"],
      key: expect.stringMatching(/^ent_/),
    });
  });

  it("makes no key when an address could mean two people", async () => {
    await createUser("twin@example.test");
    await createUser("twin@example.test");
    await expect(run(["api-key", "create", "--email", "twin@example.test"])).rejects.toThrow(/Several users/);
  });

  it.each([
    [["user", "create"], /--email is missing/],
    [["user", "create", "--emial", "x"], /emial/],
    [["user", "create", "--email", "x", "--name", "K", "--time-zone", "Mars"], /email.*timeZone/s],
    [
      ["user", "create", "--email", "k@x.test", "--name", "K", "--time-zone", "UTC", "--issuer", "i"],
      /belong together/,
    ],
    [
      ["user", "create", "--email", "k@x.test", "--name", "K", "--time-zone", "UTC", "--role", "boss"],
      /admin, provider/,
    ],
    [["api-key", "create"], /either --user or --email/],
    [["api-key", "create", "--user", "00000000-0000-7000-8000-000000000000"], /No such user/],
    [["api-key", "create", "--user", "kim@example.test"], /takes an id/],
    [["api-key", "create", "--email", "kim@example.test", "--scopes", "everything"], /read, write/],
    [["doctor", "now"], /now/],
    [["dance"], /no command "dance"/],
  ])("refuses %j in words", async (words, message) => {
    await expect(run(words)).rejects.toThrow(message);
  });

  it("lists integrations with their owner and state", async () => {
    const person = await createPerson(database.db);
    const id = await createConnection(testServices(database.db, []), person, {
      accountEmail: "cal@example.test",
    });
    const { out } = await run(["integrations", "list", "--json"]);
    expect(JSON.parse(out)).toMatchObject([{ id, userId: person.userId, accountEmail: "cal@example.test" }]);
    expect((await run(["integrations", "list"])).out).toContain("cal@example.test");
    expect(
      (await run(["integrations", "list", "--user", (await createPerson(database.db)).userId])).out,
    ).toBe("No integrations.");
  });

  it("names every fault of the environment, and a database that lacks its tables", async () => {
    const broken = { ENCRYPTION_KEYS: "", NEXTAUTH_SECRET: "short" };
    await expect(run(["integrations", "list"], broken)).rejects.toThrow(
      /NEXTAUTH_SECRET.*ENCRYPTION_KEYS|ENCRYPTION_KEYS.*NEXTAUTH_SECRET/s,
    );
    await using empty = await createEmptyDatabase();
    await expect(run(["integrations", "list"], { DATABASE_URL: empty.url })).rejects.toThrow(/db:migrate/);
    const nowhere = { DATABASE_URL: "postgres://x@127.0.0.1:9/x" };
    await expect(run(["integrations", "list"], nowhere)).rejects.toThrow(/cannot be reached/);
  });

  it("prints the result alone on standard output, reasons on the other, and fails with code 1", async () => {
    const spawn = (...words: string[]) =>
      promisify(execFile)(process.execPath, ["--import", "tsx", program, ...words], {
        env: { ...process.env, ...environment(), LOG_LEVEL: "trace" },
      });
    const { stdout } = await spawn("integrations", "list", "--json");
    expect(Array.isArray(JSON.parse(stdout))).toBe(true);
    await expect(spawn("user", "create")).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("--email is missing"),
    });
  });
});

describe("doctor", () => {
  let own: TestDatabase;
  beforeAll(async () => {
    own = await createTestDatabase();
  });
  afterAll(async () => own?.drop());

  const checks = async (change = {}) => {
    const { code, out } = await run(["doctor", "--json"], { DATABASE_URL: own.url, ...change });
    const list = (JSON.parse(out) as { checks: { code: string; status: string; detail: string }[] }).checks;
    return { code, of: (name: string) => list.find((check) => check.code === name) };
  };

  it("finds a sound installation sound", async () => {
    const { code, of } = await checks();
    expect(code).toBe(0);
    for (const name of ["database", "environment", "clock", "keys", "provider google"]) {
      expect(of(name)).toMatchObject({ status: "ok" });
    }
  });

  it("counts a connection once: connected, or waiting to be reconnected", async () => {
    const person = await createPerson(own.db);
    const services = testServices(own.db, []);
    await createConnection(services, person);
    await createConnection(services, person, { reconnectReason: "revoked", reconnectSince: new Date() });
    expect((await checks()).of("connections")).toMatchObject({
      status: "warning",
      detail: "1 connected, 1 waiting to be reconnected, 0 calendars failing",
    });
  });

  it("warns of a vendor that promised to tell of changes and was never heard", async () => {
    const person = await createPerson(own.db);
    const services = testServices(own.db, []);
    const connectionId = await createConnection(services, person);
    const calendarId = await createCalendar(services, connectionId, person);
    expect((await checks()).of("push")).toMatchObject({ status: "ok" });
    const requestedAt = new Date(services.clock.now().getTime() - 3_600_000);
    const expiresAt = new Date(requestedAt.getTime() + 7 * 86_400_000);
    const watch = { userId: person.userId, connectionId, calendarId, provider: "google" as const };
    await own.db.insert(calendarWatches).values({
      ...watch,
      id: newId(requestedAt),
      secretHash: "hash",
      requestedAt,
      expiresAt,
      nextAttemptAt: requestedAt,
    });
    expect((await checks()).of("push")).toMatchObject({
      status: "warning",
      detail: expect.stringContaining("reachable"),
    });
    await own.db.update(calendarWatches).set({ verifiedAt: requestedAt });
    expect((await checks()).of("push")).toMatchObject({ status: "ok" });
    await own.db
      .update(calendarConnections)
      .set({ listWatchFailures: 1 })
      .where(eq(calendarConnections.id, connectionId));
    expect((await checks()).of("push")?.detail).toContain("lists of calendars: 0 of 2, 1 never told of");
    await own.db.delete(calendarConnections).where(eq(calendarConnections.id, connectionId));
  });

  it("finds faults of the environment, a silent provider and keys that do not open", async () => {
    expect((await checks({ APP_URL: "http://example.test" })).of("environment")?.detail).toContain("https");
    const silent = JSON.stringify({ "https://accounts.google.com": "http://127.0.0.1:9" });
    expect((await checks({ PROVIDER_ORIGINS: silent })).of("provider google")).toMatchObject({
      status: "failed",
    });
    const { userId } = await createPerson(own.db);
    const lost = wrapUserKey(Buffer.alloc(32, 7), userId, [{ id: "lost", key: Buffer.alloc(32, 9) }]);
    await own.db.insert(userKeys).values({ userId, ...lost });
    const { code, of } = await checks();
    expect(code).toBe(1);
    expect(of("keys")?.detail).toContain("lost");
  });
});
