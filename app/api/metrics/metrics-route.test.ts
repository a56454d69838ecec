import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GET } from "@/app/api/metrics/route";
import { calendarWatches, jobBeats, vendorRequests } from "@/db/schema/watches";
import { adoptRuntime, type Runtime } from "@/inngest/runtime";
import { newId } from "@/lib/platform/ids";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createCalendar, createConnection, createPerson } from "@/tests/support/factories";
import { createTestRuntime } from "@/tests/support/test-runtime";

const TOKEN = "metrics-token-of-the-tests";
let database: TestDatabase;
let runtime: Runtime;

beforeAll(async () => {
  database = await createTestDatabase();
  runtime = createTestRuntime(database.url, {}, { METRICS_TOKEN: TOKEN, GOOGLE_DAILY_REQUESTS: "1000" });
});
afterAll(async () => {
  await runtime?.handle.close();
  await database?.drop();
});

const ask = (authorization?: string) =>
  GET(
    new Request("http://localhost:3000/api/metrics", {
      headers: authorization === undefined ? {} : { authorization },
    }),
  );

describe("/api/metrics", () => {
  it("is not there without METRICS_TOKEN, whatever is asked", async () => {
    adoptRuntime({ ...runtime, env: { ...runtime.env, METRICS_TOKEN: undefined } });
    for (const given of [undefined, "Bearer ", "Bearer undefined", `Bearer ${TOKEN}`]) {
      const answer = await ask(given);
      expect([answer.status, await answer.text()]).toEqual([404, ""]);
    }
  });

  it("answers whoever has the token and nobody else", async () => {
    adoptRuntime(runtime);
    for (const given of [undefined, "", "Bearer", `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN]) {
      const answer = await ask(given);
      expect([given, answer.status, await answer.text()]).toEqual([given, 401, ""]);
    }
    expect((await ask(`Bearer ${TOKEN}`)).status).toBe(200);
  });

  it("tells of lag, backlog, states, jobs and budgets in the text format, and names nobody", async () => {
    const { services, requests } = runtime;
    const now = services.clock.now();
    const person = await createPerson(database.db);
    const connectionId = await createConnection(services, person);
    await createCalendar(services, connectionId, person, { nextSyncAt: new Date(now.getTime() - 90_000) });
    await createConnection(services, person, { reconnectReason: "revoked", reconnectSince: now });
    await database.db.insert(jobBeats).values({ job: "sync-tick", startedAt: now });
    await database.db.insert(calendarWatches).values({
      id: newId(now),
      userId: person.userId,
      connectionId,
      subject: "calendar_list",
      provider: "google",
      secretHash: "x",
      requestedAt: now,
      nextAttemptAt: now,
    });
    const origin = "https://www.googleapis.com";
    const record = {
      origin,
      vendor: "google",
      method: "GET",
      status: 200,
      limited: false,
      patient: true,
      fault: null,
      durationMs: 20,
    } as const;
    requests.count({ ...record, person: person.userId });
    requests.count({ ...record, person: person.userId, status: 403, limited: true });
    await requests.flush();
    const answer = await ask(`Bearer ${TOKEN}`);
    expect(answer.headers.get("content-type")).toContain("version=0.0.4");
    const text = await answer.text();
    const value = (series: string) =>
      Number(
        text
          .split("\n")
          .find((line) => line.startsWith(`${series} `))
          ?.slice(series.length + 1),
      );
    expect(value("entente_sync_lag_seconds")).toBeGreaterThanOrEqual(90);
    expect(value("entente_database_up")).toBe(1);
    expect(value("entente_calendars_due")).toBe(1);
    expect(value("entente_exports_due")).toBe(0);
    expect(value("entente_mails_due")).toBe(0);
    expect(value("entente_outbox_nudges")).toBe(0);
    expect(value('entente_connections{vendor="google",state="connected"}')).toBe(1);
    expect(value('entente_connections{vendor="google",state="reconnect_required"}')).toBe(1);
    expect(value('entente_job_started_timestamp_seconds{job="sync-tick"}')).toBeCloseTo(
      now.getTime() / 1000,
      0,
    );
    expect(value('entente_requests_today{vendor="google"}')).toBe(2);
    expect(value('entente_watches{vendor="google",subject="calendar_list",state="pending"}')).toBe(1);
    expect(value('entente_requests_budget{vendor="google"}')).toBe(1_000);
    expect(value('entente_requests_short{vendor="google"}')).toBe(0);
    expect(value("entente_persons_over_budget")).toBe(0);
    expect(value('entente_requests_minute_quota{vendor="google"}')).toBe(10_000);
    expect(value('entente_requests_minute_person_quota{vendor="google"}')).toBe(600);
    expect(value('entente_requests_minute{vendor="google"}')).toBe(0); // This minute is not over.
    expect(value('entente_requests_limited_hour{vendor="google"}')).toBe(1);
    expect(value('entente_vendor_requests_total{vendor="google",outcome="ok"}')).toBe(1);
    expect(value('entente_vendor_requests_total{vendor="google",outcome="limited"}')).toBe(1);
    expect(value("process_resident_memory_bytes")).toBeGreaterThan(1e6);
    for (const id of [person.userId, connectionId]) expect(text).not.toContain(id);
    for (const line of text.trimEnd().split("\n")) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [\d.e+-]+)$/,
      );
    }
    expect(new Set(text.match(/^# TYPE (\S+)/gm)).size).toBe(text.match(/^# TYPE/gm)?.length);
    expect(await database.db.select().from(vendorRequests)).toHaveLength(1);
  });

  it("tells of the process where the database is gone, and that it is", async () => {
    const alone = createTestRuntime("postgres://x@127.0.0.1:9/x", {}, { METRICS_TOKEN: TOKEN });
    adoptRuntime(alone);
    const answer = await ask(`Bearer ${TOKEN}`);
    adoptRuntime(runtime);
    await alone.handle.close();
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain("\nentente_database_up 0\n");
    expect(text).toContain("\nprocess_uptime_seconds ");
    expect(text).not.toContain("entente_calendars_due");
  });

  it("has the metrics that the documentation names, and no others", () => {
    const namesIn = (...files: string[]) => {
      const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
      return [...new Set(text.match(/\bentente_[a-z_]+/g))].sort();
    };
    const made = ["lib/platform/metrics.ts", "lib/reporting/gauges.ts"];
    expect(namesIn("docs/admin/monitoring.md")).toEqual(namesIn(...made));
  });
});
