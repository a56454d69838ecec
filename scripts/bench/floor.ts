import postgres from "postgres";

/** The least that an import can be: fetch the pages, parse them, one bulk upsert. No product code. */
export interface Floor {
  import(origin: string, accessToken: string, calendarId: string): Promise<number>;
  empty(): Promise<void>;
  close(): Promise<void>;
}

interface Item {
  id: string;
  etag: string;
  status: string;
  summary?: string;
  start: { date?: string; dateTime?: string };
  end: { date?: string; dateTime?: string };
}

export async function openFloor(databaseUrl: string): Promise<Floor> {
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => undefined });
  await sql`create table if not exists bench_floor (
    calendar_id text not null, external_id text not null, etag text not null, starts_at timestamptz not null,
    ends_at timestamptz not null, title text, primary key (calendar_id, external_id))`;
  await sql`create index if not exists bench_floor_time on bench_floor (calendar_id, ends_at)`;
  return {
    empty: async () => void (await sql`delete from bench_floor`),
    close: () => sql.end({ timeout: 2 }),
    import: async (origin, accessToken, calendarId) => {
      const rows: object[] = [];
      let pageToken = "";
      do {
        const query = `singleEvents=true&maxResults=2500${pageToken && `&pageToken=${encodeURIComponent(pageToken)}`}`;
        const url = `${origin}/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events?${query}`;
        const answer = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } });
        const page = (await answer.json()) as { items: Item[]; nextPageToken?: string };
        for (const item of page.items) rows.push(toRow(item));
        pageToken = page.nextPageToken ?? "";
      } while (pageToken !== "");
      await sql`
        insert into bench_floor (calendar_id, external_id, etag, starts_at, ends_at, title)
        select ${calendarId}, r.id, r.etag, r.starts_at, r.ends_at, r.title
        from jsonb_to_recordset(${sql.json(rows as never)}) as r (
          id text, etag text, starts_at timestamptz, ends_at timestamptz, title text)
        on conflict (calendar_id, external_id) do update set etag = excluded.etag, starts_at = excluded.starts_at,
          ends_at = excluded.ends_at, title = excluded.title
        where bench_floor.etag is distinct from excluded.etag`;
      return rows.length;
    },
  };
}

function toRow(item: Item): object {
  return {
    id: item.id,
    etag: item.etag,
    starts_at: item.start.dateTime ?? item.start.date,
    ends_at: item.end.dateTime ?? item.end.date,
    title: item.summary ?? null,
  };
}
