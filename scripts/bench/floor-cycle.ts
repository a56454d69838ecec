import postgres from "postgres";
import type { AppWorld } from "./app-world";
import type { Subject } from "./vendor-world";

const AT_ONCE = 16;

/** The least that a cycle can be: one request for changes and one update for each calendar. No product code. */
export async function cycleFloor(
  world: AppWorld,
  fleet: readonly Subject[],
): Promise<{ seconds: number; cpuSeconds: number }> {
  const sql = postgres(world.stack.databaseUrl, { max: 10, onnotice: () => undefined });
  await sql`create table if not exists bench_floor_cycle (id uuid primary key, cursor text not null, read_at timestamptz)`;
  const cursors = new Map<string, string>();
  const each = async (work: (subject: Subject) => Promise<unknown>) => {
    const queue = fleet.values();
    const worker = async () => {
      for (const subject of queue) await work(subject);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };
  const ask = async ({ externalId, accessToken, calendarId }: Subject) => {
    const cursor = cursors.get(calendarId);
    const more = cursor === undefined ? "" : `&syncToken=${encodeURIComponent(cursor)}`;
    const url = `${world.stack.googleOrigin}/calendar/v3/calendars/${encodeURIComponent(externalId)}/events`;
    const answer = await fetch(`${url}?singleEvents=true&maxResults=2500${more}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    const { nextSyncToken } = (await answer.json()) as { nextSyncToken: string };
    cursors.set(calendarId, nextSyncToken);
    await sql`
      insert into bench_floor_cycle (id, cursor, read_at) values (${calendarId}, ${nextSyncToken}, clock_timestamp())
      on conflict (id) do update set cursor = excluded.cursor, read_at = excluded.read_at`;
  };
  await each(ask);
  const used = process.cpuUsage();
  const began = performance.now();
  await each(ask);
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(used);
  await sql.end({ timeout: 2 });
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}
