import { createServer, type IncomingMessage } from "node:http";
import postgres from "postgres";

/** A calendar as the floor knows it. */
export interface FloorCalendar {
  id: string;
  externalId: string;
  accessToken: string;
  channel: string;
}

interface Item {
  id: string;
  etag: string;
  start: { dateTime: string };
  end: { dateTime: string };
}

interface Known extends FloorCalendar {
  syncToken: string;
  reading: Promise<void> | null;
  again: boolean;
}

/**
 * Receives a vendor's messages, reads the change and stores it in one transaction; answers what is stored. No product
 * code, no lease, no fence, no rules, no log: what remains is what the machine needs for it.
 */
async function main([port = "", databaseUrl = "", googleOrigin = ""]: string[]): Promise<void> {
  const sql = postgres(databaseUrl, { max: 10, onnotice: () => undefined });
  await sql`create table if not exists bench_floor_push (
    calendar_id uuid not null, external_id text not null, etag text not null, starts_at timestamptz not null,
    ends_at timestamptz not null, primary key (calendar_id, external_id))`;
  await sql`create index if not exists bench_floor_push_time on bench_floor_push (calendar_id, ends_at)`;
  const channels = new Map<string, Known>();

  const readPages = async (calendar: Known): Promise<Item[]> => {
    const items: Item[] = [];
    let pageToken = "";
    do {
      const query = new URLSearchParams({ singleEvents: "true", maxResults: "2500" });
      if (calendar.syncToken !== "") query.set("syncToken", calendar.syncToken);
      if (pageToken !== "") query.set("pageToken", pageToken);
      const url = `${googleOrigin}/calendar/v3/calendars/${encodeURIComponent(calendar.externalId)}/events?${query}`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${calendar.accessToken}` } });
      const page = (await answer.json()) as { items: Item[]; nextPageToken?: string; nextSyncToken?: string };
      items.push(...page.items);
      pageToken = page.nextPageToken ?? "";
      calendar.syncToken = page.nextSyncToken ?? calendar.syncToken;
    } while (pageToken !== "");
    return items;
  };

  const read = async (calendar: Known): Promise<void> => {
    const items = await readPages(calendar);
    if (items.length === 0) return;
    const rows = items.map(({ id, etag, start, end }) => ({
      id,
      etag,
      starts_at: start.dateTime,
      ends_at: end.dateTime,
    }));
    await sql`
      insert into bench_floor_push (calendar_id, external_id, etag, starts_at, ends_at)
      select ${calendar.id}, r.id, r.etag, r.starts_at, r.ends_at
      from jsonb_to_recordset(${sql.json(rows)}) as r (
        id text, etag text, starts_at timestamptz, ends_at timestamptz)
      on conflict (calendar_id, external_id) do update set etag = excluded.etag, starts_at = excluded.starts_at,
        ends_at = excluded.ends_at`;
  };

  const told = (calendar: Known) => {
    calendar.again = true;
    calendar.reading ??= (async () => {
      while (calendar.again) {
        calendar.again = false;
        await read(calendar);
      }
      calendar.reading = null;
    })();
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://floor");
    if (url.pathname === "/api/webhooks/google") {
      const calendar = channels.get(String(request.headers["x-goog-channel-id"]));
      if (calendar !== undefined) told(calendar);
      response.writeHead(204).end();
    } else if (url.pathname === "/events") {
      const [calendar = "", from = "", to = ""] = ["calendar", "from", "to"].map(
        (name) => url.searchParams.get(name) ?? "",
      );
      const rows = await sql`
        select external_id, starts_at, ends_at from bench_floor_push
        where calendar_id = ${calendar} and ends_at > ${from} and starts_at < ${to}`;
      response.end(JSON.stringify(rows));
    } else if (url.pathname === "/calendars") {
      for (const one of JSON.parse(await bodyOf(request)) as FloorCalendar[]) {
        const calendar = { ...one, syncToken: "", reading: null, again: false };
        channels.set(one.channel, calendar);
        await read(calendar);
      }
      response.writeHead(204).end();
    } else response.end("ready");
  });
  server.listen(Number(port), "127.0.0.1");
  process.once("SIGTERM", () => process.exit(0));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

await main(process.argv.slice(2));
