import { count, isNull, sql } from "drizzle-orm";
import { notifications } from "@/db/schema/notifications";
import { jobBeats } from "@/db/schema/watches";
import { isDatabaseGone } from "@/db/transaction";
import { isReadable } from "@/lib/connections/read-calendars";
import type { Services } from "@/lib/connections/services";
import { countWaitingMails } from "@/lib/mail/waiting-mails";
import type { Gauge } from "@/lib/platform/metrics";
import { NOTICE_KINDS } from "@/lib/reporting/notice-words";
import { countOverBudget, readBudgets } from "@/lib/reporting/request-budgets";
import { readMinuteStates } from "@/lib/reporting/request-minutes";
import { isDueExport, isWritable } from "@/lib/sync/export/claim";

/** Without a database a process still tells of itself, and that there is none. */
export async function readGaugesIfPossible(services: Services): Promise<Gauge[]> {
  const up = (value: 0 | 1) =>
    one("entente_database_up", "Whether the database answered this process.", value);
  try {
    return [up(1), ...(await readGauges(services))];
  } catch (error) {
    if (!isDatabaseGone(error)) throw error;
    return [up(0)];
  }
}

/** What stands in the tables right now, for all processes of the installation alike. */
async function readGauges(services: Services): Promise<Gauge[]> {
  return (
    await Promise.all([
      readBacklog(services),
      readStates(services),
      readJobs(services),
      readRequests(services),
      readMinutes(services),
      readNotices(services),
    ])
  ).flat();
}

const one = (name: string, help: string, value: number): Gauge => ({ name, help, values: [{ value }] });

async function readBacklog({ db, clock }: Services): Promise<Gauge[]> {
  const now = clock.now();
  const at = sql`${now.toISOString()}::timestamptz`;
  const [row] = await db.execute<{ due: number; lag: number; exports: number; nudges: number }>(sql`
    with due as (
      select c.next_sync_at
      from calendars c join calendar_connections k on k.id = c.connection_id
      where c.next_sync_at <= ${at} and (c.backoff_until is null or c.backoff_until <= ${at})
        and (k.auto_sync_enabled or c.change_seq > c.synced_seq) and ${isReadable()}
    )
    select
      (select count(*)::int from due) as due,
      (select coalesce(extract(epoch from ${at} - min(next_sync_at)), 0)::float8 from due) as lag,
      (
        select count(*)::int
        from calendar_exported_bookings x
        join bookings b on b.id = x.booking_id
        join calendar_connections k on k.id = x.connection_id
        where (x.wanted_seq > x.done_seq or x.verify) and ${isDueExport(now)} and ${isWritable()}
      ) as exports,
      (select count(*)::int from outbox) as nudges
  `);
  const mails = await countWaitingMails(db, now);
  return [
    one("entente_sync_lag_seconds", "How long the calendar that waits longest has been due.", row?.lag ?? 0),
    one("entente_calendars_due", "Calendars whose turn has come.", row?.due ?? 0),
    one("entente_exports_due", "Events of bookings to be written now.", row?.exports ?? 0),
    one("entente_mails_due", "Mails that should have gone.", mails),
    one("entente_outbox_nudges", "Nudges not yet handed to the queue.", row?.nudges ?? 0),
  ];
}

async function readStates({ db, clock }: Services): Promise<Gauge[]> {
  const at = sql`${clock.now().toISOString()}::timestamptz`;
  const rows = await db.execute<{
    of: string;
    vendor: string;
    subject: string;
    state: string;
    count: number;
  }>(sql`
    select 'watch' as of, provider as vendor, subject,
      case
        when stop_wanted_at is not null then 'stopping'
        when error_code is not null and expires_at is null then 'failed'
        when expires_at is null then 'pending'
        when expires_at <= ${at} then 'expired'
        when verified_at is null then 'unverified'
        else 'verified'
      end as state, count(*)::int as count
    from calendar_watches group by 1, 2, 3, 4
    union all
    select 'connection', provider, '',
      case
        when disconnecting_at is not null then 'disconnecting'
        when reconnect_reason is not null then 'reconnect_required'
        else 'connected'
      end, count(*)::int
    from calendar_connections group by 1, 2, 3, 4
    union all
    select 'failing', k.provider, '', '', count(*)::int
    from calendars c join calendar_connections k on k.id = c.connection_id
    where c.failures >= 3 and c.selected group by 1, 2
  `);
  const values = (of: string, more: (row: { subject: string; state: string }) => Record<string, string>) =>
    rows
      .filter((row) => row.of === of)
      .map(({ vendor, count, ...row }) => ({ labels: { vendor, ...more(row) }, value: count }));
  return [
    {
      name: "entente_watches",
      help: "Watches by state.",
      values: values("watch", ({ subject, state }) => ({ subject, state })),
    },
    {
      name: "entente_connections",
      help: "Connected accounts by state.",
      values: values("connection", ({ state }) => ({ state })),
    },
    {
      name: "entente_calendars_failing",
      help: "Checked calendars that failed three times in a row.",
      values: values("failing", () => ({})),
    },
  ];
}

async function readJobs({ db }: Services): Promise<Gauge[]> {
  const beats = await db.select().from(jobBeats).orderBy(jobBeats.job);
  return [
    {
      name: "entente_job_started_timestamp_seconds",
      help: "When the schedule last began a job.",
      values: beats.map(({ job, startedAt }) => ({ labels: { job }, value: startedAt.getTime() / 1000 })),
    },
    {
      name: "entente_job_failures",
      help: "How often in a row a scheduled job failed.",
      values: beats.map(({ job, failures }) => ({ labels: { job }, value: failures })),
    },
  ];
}

async function readRequests({ db, clock, requests }: Services): Promise<Gauge[]> {
  const now = clock.now();
  const states = await readBudgets(db, requests.budgets, now);
  const by = (value: (state: (typeof states)[number]) => number) =>
    states.map((state) => ({ labels: { vendor: state.vendor }, value: value(state) }));
  return [
    {
      name: "entente_requests_today",
      help: "Requests of this UTC day, all processes together.",
      values: by((state) => state.requests),
    },
    {
      name: "entente_requests_budget",
      help: "Requests a UTC day allows.",
      values: by((state) => state.budget),
    },
    {
      name: "entente_requests_projected_share",
      help: "Share of its budget that the day will use up.",
      values: by((state) => state.share),
    },
    {
      name: "entente_requests_short",
      help: "1 when even asking less often will not do.",
      values: by((state) => (state.short ? 1 : 0)),
    },
    one(
      "entente_persons_over_budget",
      "People beyond USER_DAILY_REQUESTS today.",
      await countOverBudget(db, requests.budgets, now),
    ),
  ];
}

async function readMinutes({ db, clock, requests }: Services): Promise<Gauge[]> {
  const states = await readMinuteStates(db, requests.quotas, clock.now());
  const by = (name: string, help: string, value: (state: (typeof states)[number]) => number): Gauge => ({
    name,
    help,
    values: states.map((state) => ({ labels: { vendor: state.vendor }, value: value(state) })),
  });
  return [
    by("entente_requests_minute", "Requests of the last whole minute.", ({ requests }) => requests),
    by(
      "entente_requests_minute_quota",
      "Requests a minute allows the installation.",
      ({ project }) => project,
    ),
    by(
      "entente_requests_minute_busiest_person",
      "Requests of the last whole minute, of the person asked for most.",
      ({ busiestPerson }) => busiestPerson,
    ),
    by("entente_requests_minute_person_quota", "Requests a minute allows a person.", ({ person }) => person),
    by(
      "entente_requests_limited_hour",
      "Requests refused because of a limit within the hour.",
      ({ limited }) => limited,
    ),
  ];
}

async function readNotices({ db }: Services): Promise<Gauge[]> {
  const open = await db
    .select({ kind: notifications.kind, value: count() })
    .from(notifications)
    .where(isNull(notifications.resolvedAt))
    .groupBy(notifications.kind);
  return [
    {
      name: "entente_notifications_open",
      help: "What people were told and is still so.",
      values: NOTICE_KINDS.map((kind) => ({
        labels: { kind },
        value: open.find((row) => row.kind === kind)?.value ?? 0,
      })),
    },
  ];
}
