import { openDatabase } from "@/db/client";
import { systemClock } from "@/lib/platform/clock";
import { createProviderFetch } from "@/lib/platform/http";
import { createGoogleProvider } from "@/lib/providers/google/google-provider";
import { createProviders } from "@/lib/providers/registry";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";

/** What a worker process of a test is told, as JSON in its first argument. */
export interface WorkerOrder {
  databaseUrl: string;
  origins: [string, string][];
  masterKey: string;
  calendarId: string;
  client: { clientId: string; clientSecret: string };
}

/** A worker in a process of its own: reads one calendar and prints how it ended. */
async function main(order: WorkerOrder): Promise<void> {
  const handle = openDatabase(order.databaseUrl, { max: 2, name: "sync-worker" });
  const origins = new Map(order.origins);
  const outcome = await syncCalendar(
    {
      db: handle.db,
      clock: systemClock(),
      random: () => 0.5,
      providers: createProviders([
        createGoogleProvider({ ...order.client, fetch: createProviderFetch({ origins }) }),
      ]),
      masterKeys: [{ id: "test", key: Buffer.from(order.masterKey, "base64") }],
      appOrigin: "http://localhost:3000",
      origins,
      mail: null,
    },
    order.calendarId,
    "schedule",
  );
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
