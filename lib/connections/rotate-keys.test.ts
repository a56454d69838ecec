import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { oauthAttempts, oauthTokens } from "@/db/schema/connections";
import { userKeys } from "@/db/schema/users";
import { withAccess } from "@/lib/connections/access";
import { openAttempt, sealAttempt } from "@/lib/connections/attempt-secrets";
import { rotateKeys } from "@/lib/connections/rotate-keys";
import { openVault } from "@/lib/connections/token-vault";
import { newId } from "@/lib/platform/ids";
import type { MasterKey } from "@/lib/platform/secrets";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createConnection, createPerson, testServices } from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";

const OLD: MasterKey = { id: "old", key: randomBytes(32) };
const NEW: MasterKey = { id: "new", key: randomBytes(32) };
let database: TestDatabase;
let bench: GoogleBench;
beforeAll(async () => {
  [database, bench] = await Promise.all([createTestDatabase({ max: 10 }), openGoogle()]);
  const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
  bench.sandbox.oauth.clients.set(client.id, client);
});
afterAll(async () => {
  await bench?.[Symbol.asyncDispose]();
  await database?.drop();
});

const servicesWith = (...masterKeys: MasterKey[]) =>
  testServices(database.db, [bench.provider], { masterKeys });

async function connectedUnder(key: MasterKey) {
  const person = await createPerson(database.db);
  const { accessToken, refreshToken } = bench.account(`${newId(new Date(0))}@example.test`);
  const id = await createConnection(servicesWith(key), person, { accessToken, refreshToken });
  return { person, id, accessToken };
}

const masterOf = async (userId: string) =>
  (await database.db.select().from(userKeys).where(eq(userKeys.userId, userId)))[0]?.keyId;

describe("rotating the master key", () => {
  it("puts every person's key under the first one; the old one is needed no more, and again changes nothing", async () => {
    const [before, after] = [await connectedUnder(OLD), await connectedUnder(NEW)];
    expect(await rotateKeys(servicesWith(NEW, OLD))).toMatchObject({ rotated: 1, current: 1, unreadable: 0 });
    for (const { id, accessToken } of [before, after]) {
      const used = withAccess(servicesWith(NEW), id, async (access) => access.accessToken);
      expect(await used).toBe(accessToken);
    }
    expect(await rotateKeys(servicesWith(NEW, OLD))).toMatchObject({ rotated: 0, current: 2 });
  });

  it.each([
    [OLD, NEW],
    [
      { ...OLD, id: "key-1" },
      { ...NEW, id: "key_1" },
    ],
  ])("takes the consents under way along", async (older, newer) => {
    const { userId } = await createPerson(database.db);
    const id = newId(new Date());
    const secrets = { codeVerifier: "verifier", nonce: "nonce" };
    await database.db.insert(oauthAttempts).values({
      id,
      userId,
      provider: "google",
      secrets: sealAttempt(id, secrets, [older]),
      mode: "tab",
      returnTo: "/",
      createdAt: new Date(),
      expiresAt: new Date(Date.now() + 600_000),
    });
    expect(await rotateKeys(servicesWith(newer, older))).toMatchObject({ attempts: 1 });
    const [row] = await database.db.select().from(oauthAttempts).where(eq(oauthAttempts.id, id));
    expect(openAttempt(id, row?.secrets ?? "", [newer])).toEqual(secrets);
  });

  it("names the key it lacks, leaves what it cannot open, and goes on with the others", async () => {
    const lost: MasterKey = { id: "lost", key: randomBytes(32) };
    const [stuck, fine] = [await connectedUnder(lost), await connectedUnder(OLD)];
    const done = await rotateKeys(servicesWith(NEW, OLD));
    expect(done).toMatchObject({ rotated: 1, unreadable: 1, missing: ["lost"] });
    expect([await masterOf(stuck.person.userId), await masterOf(fine.person.userId)]).toEqual([
      "lost",
      "new",
    ]);
    await openVault(database.db, stuck.person.userId, [lost]);
  });

  it("may run while tokens are renewed and sealed: nobody's access is lost", async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => connectedUnder(OLD)));
    // Every process already knows both keys, and encrypts with the old one until it is restarted.
    const running = servicesWith(OLD, NEW);
    await database.db.update(oauthTokens).set({ accessExpiresAt: new Date(0) });
    const used = people.map(({ id }) => withAccess(running, id, async (access) => access.accessToken));
    const [done, ...tokens] = await Promise.all([rotateKeys(servicesWith(NEW, OLD)), ...used]);
    expect(done).toMatchObject({ rotated: 12 });
    const again = people.map(({ id }) =>
      withAccess(servicesWith(NEW), id, async (access) => access.accessToken),
    );
    expect(await Promise.all(again)).toEqual(tokens);
  });
});
