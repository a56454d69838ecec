import { openDatabase } from "@/db/client";
import type { Services } from "@/lib/connections/services";
import { systemClock } from "@/lib/platform/clock";
import { createProviderFetch } from "@/lib/platform/http";
import { createGoogleProvider } from "@/lib/providers/google/google-provider";
import { createProviders } from "@/lib/providers/registry";
import { exportConnection } from "@/lib/sync/export/export-connection";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { testLedger } from "@/tests/support/factories";

/** What a worker process of a test is told, as JSON in its first argument. */
export interface WorkerOrder {
  databaseUrl: string;
  origins: [string, string][];
  masterKey: string;
  /** What it does: reads a calendar, or writes the bookings of a connection. */
  calendarId?: string;
  connectionId?: string;
  client: { clientId: string; clientSecret: string };
}

/** A worker in a process of its own: does one thing and prints how it ended. */
async function main(order: WorkerOrder): Promise<void> {
  const handle = openDatabase(order.databaseUrl, { max: 2, name: "sync-worker" });
  const origins = new Map(order.origins);
  const clock = systemClock();
  const services: Services = {
    db: handle.db,
    clock,
    requests: testLedger(handle.db, clock),
    random: () => 0.5,
    providers: createProviders([
      createGoogleProvider({ ...order.client, fetch: createProviderFetch({ origins }) }),
    ]),
    masterKeys: [{ id: "test", key: Buffer.from(order.masterKey, "base64") }],
    appOrigin: "http://localhost:3000",
    origins,
    mail: null,
  };
  const outcome =
    order.connectionId === undefined
      ? await syncCalendar(services, order.calendarId ?? "", "schedule")
      : await exportConnection(services, order.connectionId, "schedule");
  process.stdout.write(JSON.stringify(outcome));
  await handle.close();
}

main(JSON.parse(process.argv[2] ?? "{}") as WorkerOrder).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(String(error));
    process.exit(1);
  },
);
