import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { userKeys, users } from "@/db/schema/users";
import { createUserKey, unwrapUserKey } from "@/lib/platform/crypto";
import { newId } from "@/lib/platform/ids";
import type { MasterKey } from "@/lib/platform/secrets";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { behindGate, waitsAtGate } from "@/tests/support/gated-worker";

const PEOPLE = 800;
const program = resolve(import.meta.dirname, "../entente.ts");
const OLD: MasterKey = { id: "k1", key: randomBytes(32) };
const NEW: MasterKey = { id: "k2", key: randomBytes(32) };
const keys = new Map<string, Buffer>();
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const now = new Date();
  const rows = Array.from({ length: PEOPLE }, (_, index) => {
    const id = newId(now);
    const { key, wrapped } = createUserKey(id, [OLD]);
    keys.set(id, key);
    return { id, index, wrapped };
  });
  await database.db.insert(users).values(
    rows.map(({ id, index }) => {
      const name = `person-${index}`;
      return { id, email: `${name}@example.test`, name, handle: name, timeZone: "UTC", createdAt: now };
    }),
  );
  await database.db.insert(userKeys).values(rows.map(({ id, wrapped }) => ({ userId: id, ...wrapped })));
});
afterAll(() => database?.drop());

const asText = (...masters: MasterKey[]) =>
  masters.map(({ id, key }) => `${id}:${key.toString("base64")}`).join(",");

function rotate(masters: string) {
  const child = spawn(process.execPath, ["--import", "tsx", program, "keys", "rotate", "--json"], {
    env: {
      ...process.env,
      APP_URL: "http://localhost:3000",
      DATABASE_URL: database.url,
      NEXTAUTH_SECRET: "test-secret-7f3c1a9e5b2d48609182736",
      ENCRYPTION_KEYS: masters,
      GOOGLE_CLIENT_ID: "id",
      GOOGLE_CLIENT_SECRET: "secret",
    },
  });
  let out = "";
  let complaint = "";
  child.stdout.on("data", (text) => (out += text));
  child.stderr.on("data", (text) => (complaint += text));
  const ended = new Promise<number | null>((settle) => child.on("close", settle));
  return { child, ended, out: () => out, complaint: () => complaint };
}

const underNew = () => database.db.$count(userKeys, eq(userKeys.keyId, NEW.id));

/** Nobody's key after so many others' is written while somebody holds this lock. */
const GATE = 4_245;
const BEFORE = 100;

async function makeGate(): Promise<void> {
  await database.db.execute(
    sql.raw(`create function gate() returns trigger language plpgsql as $$ begin
      if (select count(*) from user_keys where key_id = '${NEW.id}') >= ${BEFORE} then
        perform pg_advisory_xact_lock_shared(${GATE});
      end if;
      return new;
    end $$`),
  );
  await database.db.execute(sql`create trigger gate before update on user_keys
    for each row execute function gate()`);
}

it("`keys rotate`, killed in the middle, goes on where it stood; then the old key can be taken out", async () => {
  await makeGate();
  await behindGate(database, GATE, async (open) => {
    const killed = rotate(asText(NEW, OLD));
    await eventually("it is in the middle", async () => {
      if (killed.child.exitCode !== null) throw new Error(`ended: ${killed.complaint()}`);
      return waitsAtGate(database, GATE);
    });
    killed.child.kill("SIGKILL");
    await killed.ended;
    await open();
  });
  await eventually("what it had sent is done", async () => (await underNew()) > BEFORE);
  const before = await underNew();
  expect(before).toBe(BEFORE + 1);

  const second = rotate(asText(NEW, OLD));
  expect(await second.ended, second.complaint()).toBe(0);
  const rotated = PEOPLE - before;
  expect(JSON.parse(second.out())).toEqual({
    keyId: "k2",
    rotated,
    current: before,
    attempts: 0,
    unreadable: 0,
    missing: [],
  });
  const rows = await database.db.select().from(userKeys);
  const same = rows.filter((row) => keys.get(row.userId)?.equals(unwrapUserKey(row, row.userId, [NEW])));
  expect(same).toHaveLength(PEOPLE);

  const third = rotate(asText(NEW));
  expect(await third.ended, third.complaint()).toBe(0);
  expect(JSON.parse(third.out())).toMatchObject({ rotated: 0, current: PEOPLE });
});
