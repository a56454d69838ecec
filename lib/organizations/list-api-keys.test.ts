import { afterAll, beforeAll, expect, it } from "vitest";
import { authenticateApiKey, createApiKey, revokeApiKey } from "@/lib/organizations/api-keys";
import { listApiKeys } from "@/lib/organizations/list-api-keys";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createPerson } from "@/tests/support/factories";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const MONDAY = new Date("2026-11-23T09:00:00.000Z");
const TUESDAY = new Date("2026-11-24T09:00:00.000Z");

it("lists the living keys of one person, newest first, with their last use and never the key", async () => {
  const [person, other] = [await createPerson(database.db), await createPerson(database.db)];
  const ctx = person.ctx(MONDAY);
  const make = (userId: string, at: Date) =>
    createApiKey(database.db, { userId, scopes: ["read"], actor: ctx.actor }, at);
  const first = await make(person.userId, MONDAY);
  const second = await make(person.userId, TUESDAY);
  const revoked = await make(person.userId, TUESDAY);
  await make(other.userId, MONDAY);
  await revokeApiKey(ctx, revoked.id);
  await authenticateApiKey(database.db, first.key, TUESDAY);
  expect(await listApiKeys(ctx)).toEqual([
    {
      id: second.id,
      prefix: second.prefix,
      scopes: ["read"],
      createdAt: TUESDAY.toISOString(),
      lastUsedAt: null,
    },
    {
      id: first.id,
      prefix: first.prefix,
      scopes: ["read"],
      createdAt: MONDAY.toISOString(),
      lastUsedAt: TUESDAY.toISOString(),
    },
  ]);
});
