import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { log } from "@/lib/platform/log";
import { metrics } from "@/lib/platform/metrics";
import { ProviderError } from "@/lib/providers/provider-error";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { scriptedVendor, upsert } from "@/tests/support/scripted-vendor";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => database?.drop());

it("writes one line for a run: ids, counts, trigger, duration and lag, and nothing of what the calendar says", async () => {
  const lines = vi.spyOn(log, "info");
  const clock = testClock();
  const vendor = scriptedVendor();
  const services = testServices(database.db, [vendor.provider], { clock });
  const person = await createPerson(database.db);
  const connectionId = await createConnection(services, person, { accessToken: "ya29.hidden" });
  const calendarId = await createCalendar(services, connectionId, person, { name: "Private practice" });
  clock.advance(90_000);
  const before = async () => clock.advance(1_500);
  vendor.script({ pages: [{ before, items: [upsert("Oncology"), upsert("Dentist")] }] });
  await syncCalendar(services, calendarId, "schedule");
  vendor.script({ error: new ProviderError("transient", { detail: "backendError" }) });
  await syncCalendar(services, calendarId, "manual");
  expect(lines.mock.calls.map(([line]) => line)).toEqual([
    {
      ...{ run: "sync", connectionId, calendarId, trigger: "schedule", kind: "full", status: "succeeded" },
      ...{
        durationMs: 1_500,
        lagMs: 90_000,
        delayMs: null,
        imported: 2,
        updated: 0,
        removed: 0,
        unchanged: 0,
      },
    },
    {
      ...{ run: "sync", connectionId, calendarId, trigger: "manual", kind: "incremental", status: "failed" },
      ...{ durationMs: 0, lagMs: 0, err: expect.objectContaining({ kind: "transient" }) },
    },
  ]);
  expect(JSON.stringify(lines.mock.calls)).not.toMatch(/Oncology|Dentist|practice|ya29|@/);
  const text = metrics().render();
  expect(text).toContain('entente_runs_total{kind="full",trigger="schedule",status="succeeded"} 1');
  expect(text).toContain('entente_runs_total{kind="incremental",trigger="manual",status="failed"} 1');
  expect(text).toContain('entente_run_events_total{change="imported"} 2');
  expect(text).toContain('entente_run_lag_seconds_sum{trigger="schedule"} 90');
});
