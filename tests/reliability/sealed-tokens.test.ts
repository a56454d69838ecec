import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { calendarConnections, oauthTokens } from "@/db/schema/connections";
import { withAccess } from "@/lib/connections/access";
import { createConnection, createPerson, type Person } from "@/tests/support/factories";
import { vendorWorld } from "./vendor-world";

const world = vendorWorld();

const tokensOf = async (connectionId: string) => {
  const rows = await world.database.db
    .select()
    .from(oauthTokens)
    .where(eq(oauthTokens.connectionId, connectionId));
  return rows[0];
};
const used = async (connectionId: string) =>
  withAccess(world.services, connectionId, async (access) => access);
const connect = (person: Person, subject: string) =>
  createConnection(world.services, person, { ...world.account, subject });
const reasonOf = async (connectionId: string) => {
  const rows = await world.database.db
    .select({ reason: calendarConnections.reconnectReason })
    .from(calendarConnections)
    .where(eq(calendarConnections.id, connectionId));
  return rows[0]?.reason;
};

let other: string;
let stranger: string;
beforeEach(async () => {
  other = await connect(world.person, `other-${world.account.email}`);
  stranger = await connect(await createPerson(world.database.db), `stranger-${world.account.email}`);
});

describe("sealed tokens (attack 83)", () => {
  it("are never the same text, for equal tokens of one person and of two", async () => {
    const rows = await Promise.all([world.connectionId, other, stranger].map(tokensOf));
    const sealed = rows.flatMap((row) => [row?.accessToken, row?.refreshToken]);
    expect(new Set(sealed).size).toBe(6);
    expect(sealed.join(" ")).not.toMatch(/SECRET|ya29|1\/\//);
    expect((await used(other)).accessToken).toBe(world.account.accessToken);
  });

  it.each(["the same person's", "another person's"])(
    "moved into %s row do not open and are not used",
    async (whose) => {
      const target = whose === "another person's" ? stranger : other;
      const stolen = await tokensOf(world.connectionId);
      await world.database.db
        .update(oauthTokens)
        .set({ accessToken: stolen?.accessToken ?? "", refreshToken: stolen?.refreshToken ?? "" })
        .where(eq(oauthTokens.connectionId, target));
      await expect(used(target)).rejects.toMatchObject({ kind: "reauthorization_required" });
      expect(await reasonOf(target)).toEqual(expect.any(String));
      expect(await reasonOf(world.connectionId)).toBeNull();
      expect(world.google.sandbox.ledger.counts().total).toBe(0);
    },
  );

  it("moved into another column of their own row do not open", async () => {
    const row = await tokensOf(world.connectionId);
    await world.database.db
      .update(oauthTokens)
      .set({ accessToken: row?.refreshToken ?? "" })
      .where(eq(oauthTokens.connectionId, world.connectionId));
    await expect(used(world.connectionId)).rejects.toMatchObject({ kind: "reauthorization_required" });
  });

  it("changed by a single character do not open", async () => {
    const sealed = (await tokensOf(world.connectionId))?.accessToken ?? "";
    const at = Math.floor(sealed.length / 2);
    const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
    await world.database.db
      .update(oauthTokens)
      .set({ accessToken: changed })
      .where(eq(oauthTokens.connectionId, world.connectionId));
    await expect(used(world.connectionId)).rejects.toMatchObject({ kind: "reauthorization_required" });
  });
});
