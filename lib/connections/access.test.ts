import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { calendarConnections, oauthTokens } from "@/db/schema/connections";
import { userKeys } from "@/db/schema/users";
import { auditLog } from "@/db/schema/work";
import { withAccess } from "@/lib/connections/access";
import { refreshDueTokens } from "@/lib/connections/refresh-due-tokens";
import type { Services } from "@/lib/connections/services";
import { ProviderError } from "@/lib/providers/provider-error";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { createConnection, createPerson, type Person, testServices } from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";
import { holdCalls } from "@/tests/support/held-calls";

let database: TestDatabase;
let bench: GoogleBench;
beforeAll(async () => {
  database = await createTestDatabase({ max: 20 });
  bench = await openGoogle();
  const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
  bench.sandbox.oauth.clients.set(client.id, client);
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await database.drop();
});

let services: Services;
let person: Person;
let connectionId: string;
let serial = 0;
let email = "";

beforeEach(async () => {
  bench.sandbox.faults.disarm();
  bench.sandbox.ledger.reset();
  services = testServices(database.db, [bench.provider]);
  person = await createPerson(database.db);
  serial += 1;
  email = `access-${serial}@example.test`;
  const { accessToken, refreshToken } = bench.account(email);
  connectionId = await createConnection(services, person, { accessToken, refreshToken });
});

const refreshes = () => bench.sandbox.ledger.count("oauth.token.refresh");
const list = () => withAccess(services, connectionId, (access) => bench.provider.listCalendars(access));
const token = () => withAccess(services, connectionId, async (access) => access.accessToken);

async function row() {
  const [found] = await database.db
    .select()
    .from(calendarConnections)
    .where(eq(calendarConnections.id, connectionId));
  return found;
}

async function expireIn(minutes: number) {
  const accessExpiresAt = new Date(services.clock.now().getTime() + minutes * 60_000);
  await database.db
    .update(oauthTokens)
    .set({ accessExpiresAt })
    .where(eq(oauthTokens.connectionId, connectionId));
}

describe("a token is renewed before it ends", () => {
  it("is used as it is while it lasts", async () => {
    await list();
    expect(refreshes()).toBe(0);
  });

  it.each([4, -60, 60 * 24 * 8])("is renewed when it ends in %d minutes", async (minutes) => {
    await expireIn(minutes);
    await list();
    await list();
    expect(refreshes()).toBe(1);
  });

  it("keeps the refresh token the vendor did not replace", async () => {
    for (const _ of [1, 2, 3]) {
      await expireIn(0);
      await list();
    }
    expect(refreshes()).toBe(3);
  });

  it("attack 20: fifty calls with an expired token send one refresh, also from several processes", async () => {
    await expireIn(-1);
    // A worker of its own for each call: nothing is shared in memory that could do the work of the lease.
    const workers = Array.from({ length: 50 }, () => ({ ...services }));
    const tokens = await Promise.all(
      workers.map((worker) => withAccess(worker, connectionId, async (access) => access.accessToken)),
    );
    expect(new Set(tokens).size).toBe(1);
    expect(refreshes()).toBe(1);
  });

  it("the others adopt a failure too, so that an outage is not asked fifty times", async () => {
    await expireIn(-1);
    let asked = 0;
    const outage = Promise.withResolvers<never>();
    const refresh = () => {
      asked += 1;
      return outage.promise;
    };
    const down = { ...bench.provider, oauth: { ...bench.provider.oauth, refresh } };
    // Each in a pool of its own, whose looks at the tokens are counted: the third is that of one who waits.
    const workers = Array.from({ length: 20 }, () => {
      const worker = { looks: 0 };
      const onStatement = (text: string) => {
        if (/^select .*oauth_tokens/s.test(text)) worker.looks += 1;
      };
      const { db, close } = openDatabase(database.url, { max: 1, onStatement });
      return { worker, close, services: testServices(db, [down], { masterKeys: services.masterKeys }) };
    });
    const calls = workers.map((one) => withAccess(one.services, connectionId, async () => "used"));
    const answered = Promise.allSettled(calls);
    await eventually(
      "all but one wait",
      () => workers.filter(({ worker }) => worker.looks >= 3).length === workers.length - 1,
    );
    outage.reject(new ProviderError("transient"));
    const answers = await answered;
    await Promise.all(workers.map(({ close }) => close()));
    expect(answers.filter((answer) => answer.status === "rejected")).toHaveLength(20);
    expect(asked).toBe(1);
    expect(await row()).toMatchObject({ reconnectReason: null });
  });

  it("a worker that died with the lease is replaced", async () => {
    await expireIn(-1);
    const [before] = await database.db
      .update(oauthTokens)
      .set({ refreshLeaseUntil: new Date(Date.now() - 1_000), refreshEpoch: 7 })
      .where(eq(oauthTokens.connectionId, connectionId))
      .returning();
    await token();
    const [after] = await database.db
      .select()
      .from(oauthTokens)
      .where(eq(oauthTokens.connectionId, connectionId));
    expect(after).toMatchObject({ refreshEpoch: 8, refreshLeaseUntil: null });
    expect(after?.accessToken).not.toBe(before?.accessToken);
  });

  it("a result that comes after a reconnect is thrown away", async () => {
    await expireIn(-1);
    const refresh = holdCalls(bench.sandbox.faults, "oauth.token.refresh");
    const pending = token();
    await refresh.arrived();
    const { accessToken, refreshToken } = bench.account(`${serial}-again@example.test`);
    const other = await createConnection(services, person, { accessToken, refreshToken });
    const [sealed] = await database.db.select().from(oauthTokens).where(eq(oauthTokens.connectionId, other));
    await database.db
      .update(calendarConnections)
      .set({ generation: 2 })
      .where(eq(calendarConnections.id, connectionId));
    refresh.open();
    await pending.catch(() => undefined);
    const [kept] = await database.db
      .select()
      .from(oauthTokens)
      .where(eq(oauthTokens.connectionId, connectionId));
    expect(kept?.accessExpiresAt.getTime()).toBeLessThan(Date.now());
    expect(sealed?.connectionId).toBe(other);
  });
});

describe("a token the vendor refuses", () => {
  it("is renewed once, and the call repeated once", async () => {
    bench.sandbox.vault.expireAccess(email);
    expect(await list()).toHaveLength(1);
    expect(refreshes()).toBe(1);
  });

  it("is not renewed again when the new one is refused as well", async () => {
    let calls = 0;
    const refused = withAccess(services, connectionId, async () => {
      calls += 1;
      throw new ProviderError("access_token_rejected");
    });
    await expect(refused).rejects.toMatchObject({ kind: "access_token_rejected" });
    expect([calls, refreshes()]).toEqual([2, 1]);
  });
});

describe("what ends a connection, and what does not", () => {
  it("invalid_grant asks for a reconnect, once, and stops asking the vendor", async () => {
    await expireIn(-1);
    bench.sandbox.vault.revoke(email);
    for (const _ of [1, 2]) {
      await expect(token()).rejects.toMatchObject({ kind: "reauthorization_required" });
    }
    expect(refreshes()).toBe(1);
    expect(await row()).toMatchObject({ reconnectReason: "revoked" });
    const audit = await database.db.select().from(auditLog).where(eq(auditLog.subjectId, connectionId));
    expect(audit.map((entry) => entry.action)).toEqual(["connection.reconnect_required"]);
  });

  it("admin_policy_enforced asks for a reconnect with its own reason", async () => {
    await expireIn(-1);
    bench.sandbox.faults.arm({ operation: "oauth.token.refresh", kind: "admin_policy" });
    await expect(token()).rejects.toMatchObject({ kind: "admin_policy" });
    expect(await row()).toMatchObject({ reconnectReason: "admin_policy" });
  });

  it.each([
    "unavailable",
    "invalid_client",
    "bad_gateway",
    "too_many_requests",
    "reset_before",
    "html_ok",
  ] as const)("%s leaves it connected, and the next call works", async (kind) => {
    await expireIn(-1);
    bench.sandbox.faults.arm({ operation: "oauth.token.refresh", kind });
    await expect(token()).rejects.toBeInstanceOf(ProviderError);
    expect(await row()).toMatchObject({ reconnectReason: null });
    expect(await token()).toBeTruthy();
  });

  it("attack 84: an unknown master key asks for a reconnect and crashes nothing", async () => {
    await database.db.update(userKeys).set({ keyId: "gone" }).where(eq(userKeys.userId, person.userId));
    await expect(token()).rejects.toMatchObject({ kind: "reauthorization_required" });
    expect(await row()).toMatchObject({ reconnectReason: "key_missing" });
  });

  it("attack 83: a ciphertext moved to another connection does not open", async () => {
    const { accessToken, refreshToken } = bench.account(`moved-${serial}@example.test`);
    const other = await createConnection(services, person, { accessToken, refreshToken });
    const [sealed] = await database.db.select().from(oauthTokens).where(eq(oauthTokens.connectionId, other));
    await database.db
      .update(oauthTokens)
      .set({ accessToken: sealed?.accessToken ?? "" })
      .where(eq(oauthTokens.connectionId, connectionId));
    await expect(token()).rejects.toMatchObject({ kind: "reauthorization_required" });
  });

  it("a read permission taken back shows in the next token, and asks for a reconnect", async () => {
    await expireIn(-1);
    for (const [key, held] of bench.sandbox.oauth.refreshTokens.entries()) {
      if (held.account === email) bench.sandbox.oauth.refreshTokens.set(key, { ...held, scopes: ["openid"] });
    }
    await expect(token()).rejects.toMatchObject({ kind: "reauthorization_required" });
    expect(await row()).toMatchObject({ reconnectReason: "insufficient_scopes", grantedScopes: ["openid"] });
  });
});

describe("the job that renews ahead of use", () => {
  it("renews what ends within ten minutes and leaves the rest and the dead alone", async () => {
    await database.db.update(oauthTokens).set({ accessExpiresAt: new Date(Date.now() + 3_600_000) });
    await expireIn(3);
    expect(await refreshDueTokens(services)).toEqual({ due: 1, refreshed: 1, failed: 0, reconnect: 0 });
    expect(await refreshDueTokens(services)).toMatchObject({ due: 0 });
    await expireIn(3);
    bench.sandbox.vault.revoke(email);
    expect(await refreshDueTokens(services)).toMatchObject({ due: 1, reconnect: 1 });
    expect(await refreshDueTokens(services)).toMatchObject({ due: 0 });
  });

  it("run eight days ahead, it leaves nothing behind that keeps the real schedule from working", async () => {
    const ahead = new Date(Date.now() + 8 * 86_400_000);
    await refreshDueTokens({ ...services, clock: { now: () => ahead } });
    bench.sandbox.vault.expireAccess(email);
    expect(await list()).toHaveLength(1);
  });
});
