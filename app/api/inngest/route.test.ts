import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GET, POST, PUT } from "@/app/api/inngest/route";
import { adoptRuntime, type Runtime } from "@/inngest/runtime";
import { type Background, startBackground } from "@/inngest/start";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createTestRuntime } from "@/tests/support/test-runtime";

let database: TestDatabase;
const opened: { runtime: Runtime; background: Background }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  for (const { runtime } of opened) await runtime.handle.close();
  await database?.drop();
});

async function within<T>(settings: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const runtime = createTestRuntime(database.url, {}, settings);
  adoptRuntime(runtime);
  const background = await startBackground(runtime);
  opened.push({ runtime, background });
  try {
    return await work();
  } finally {
    await background.stop();
  }
}

const HERE = "http://localhost:3000/api/inngest";
const call = (headers: Record<string, string> = {}) =>
  POST(
    new Request(`${HERE}?fnId=entente-expire-data&stepId=step`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({
        event: { name: "inngest/scheduled.timer", data: {} },
        events: [],
        steps: {},
        ctx: {},
      }),
    }),
    {},
  );

describe("/api/inngest (attack 77)", () => {
  it("does not exist while jobs run in this process", async () => {
    await within({}, async () => {
      expect((await call()).status).toBe(404);
      expect((await GET(new Request(HERE), {})).status).toBe(404);
      expect((await PUT(new Request(HERE, { method: "PUT" }), {})).status).toBe(404);
    });
  });

  it("takes no word of a developer's server from anybody but this machine, whatever the headers say", async () => {
    await within({ INNGEST_DEV: "1" }, async () => {
      const forged: Record<string, string>[] = [
        {},
        { "x-forwarded-for": "127.0.0.1" },
        { "x-entente-peer": "x 127.0.0.1" },
        { "x-inngest-server-kind": "dev" },
      ];
      for (const headers of forged) expect((await call(headers)).status).toBe(404);
    });
  });

  it("refuses calls without a server's signature, and shows no secret", async () => {
    const secret = "0123456789abcdef0123456789abcdef";
    const settings = {
      INNGEST_SIGNING_KEY: `signkey-prod-${secret}`,
      INNGEST_EVENT_KEY: "event-key-of-a-test",
    };
    await within(settings, async () => {
      expect((await call()).status).toBe(401);
      expect((await call({ "x-inngest-signature": "t=1&s=00" })).status).toBe(401);
      const shown = await (await GET(new Request(HERE), {})).text();
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain("event-key-of-a-test");
    });
  });
});
