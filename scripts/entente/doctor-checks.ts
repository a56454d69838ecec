import { sql } from "drizzle-orm";
import { userKeys } from "@/db/schema/users";
import { databaseNow } from "@/db/transaction";
import type { Services } from "@/lib/connections/services";
import { countWaitingMails } from "@/lib/mail/waiting-mails";
import { SealError, unwrapUserKey } from "@/lib/platform/crypto";
import type { IdentityProvider } from "@/lib/providers/identity-provider";
import { readListPushFacts, readPushFacts } from "@/lib/reporting/diagnose-push";
import { countOverBudget, readBudgets } from "@/lib/reporting/request-budgets";
import { readMinuteStates } from "@/lib/reporting/request-minutes";
import { findStoppedJobs } from "@/lib/reporting/schedule-state";

export interface Check {
  code: string;
  status: "ok" | "warning" | "failed";
  detail: string;
}

type Finding = Omit<Check, "code">;

const MAX_DRIFT_MS = 10_000;
const OVERDUE = "15 minutes";

/** Leases live on the database's clock, everything else on this machine's. */
export async function checkClock({ db, clock }: Services): Promise<Finding> {
  const drift = Math.abs((await databaseNow(db)).getTime() - clock.now().getTime());
  return drift <= MAX_DRIFT_MS
    ? { status: "ok", detail: "this machine and the database agree" }
    : { status: "warning", detail: `this machine and the database are ${Math.round(drift / 1000)} s apart` };
}

/** Every stored user key must open with a configured master key, or its owner's tokens are lost. */
export async function checkKeys({ db, masterKeys }: Services): Promise<Finding> {
  const rows = await db.select().from(userKeys);
  const broken = rows.filter((row) => {
    try {
      unwrapUserKey(row, row.userId, masterKeys);
      return false;
    } catch (error) {
      if (error instanceof SealError) return true;
      throw error;
    }
  });
  const [first] = masterKeys;
  if (broken.length === 0)
    return { status: "ok", detail: `${rows.length} user keys open; ${first?.id} encrypts` };
  const ids = [...new Set(broken.map((row) => row.keyId))].join(", ");
  const detail = `${broken.length} of ${rows.length} user keys do not open; they need ENCRYPTION_KEYS to hold ${ids}`;
  return { status: "failed", detail };
}

export async function checkProviders(identity: IdentityProvider): Promise<Finding> {
  const endpoint = await identity.authorizationEndpoint();
  return { status: "ok", detail: `answers as ${endpoint.origin}` };
}

export async function checkConnections({ db }: Services): Promise<Finding> {
  const [row] = await db.execute<{ alive: number; dead: number; failing: number }>(sql`
    select
      count(*) filter (where reconnect_reason is null and disconnecting_at is null)::int as alive,
      count(*) filter (where reconnect_reason is not null)::int as dead,
      (select count(*)::int from calendars where selected and failures >= 3) as failing
    from calendar_connections
  `);
  const { alive = 0, dead = 0, failing = 0 } = row ?? {};
  const detail = `${alive} connected, ${dead} waiting to be reconnected, ${failing} calendars failing`;
  return { status: dead + failing > 0 ? "warning" : "ok", detail };
}

/** Without a mail server everything else works, so its absence warns; one that is named must answer. */
export async function checkMail({ db, clock, mail }: Services): Promise<Finding> {
  const waiting = await countWaitingMails(db, clock.now());
  if (mail === null) {
    return { status: "warning", detail: `SMTP_URL is not set: no mail is sent, ${waiting} wait` };
  }
  await mail.verify();
  return { status: "ok", detail: `the mail server answers; ${waiting} mails wait` };
}

/** A vendor that promised to tell of changes and was never heard does not reach this installation. */
export async function checkPush({ db, clock, appOrigin }: Services): Promise<Finding> {
  const now = clock.now();
  const { wanted, heard, unsupported, silent, refused } = await readPushFacts(db, now);
  const lists = await readListPushFacts(db, now);
  const detail =
    `${heard} of ${wanted} calendars are announced by their vendor, ${unsupported} cannot be; ` +
    `lists of calendars: ${lists.heard} of ${lists.wanted}, ${lists.untold} never told of`;
  if (silent > 0 && heard === 0) {
    const cause = `no message ever came to ${appOrigin}/api/webhooks: is it reachable from outside, by https?`;
    return { status: "warning", detail: `${detail}; ${cause}` };
  }
  if (silent + refused === 0) return { status: "ok", detail };
  return { status: "warning", detail: `${detail}, ${silent} stay silent, ${refused} were refused` };
}

/** Work nobody picks up means that no process runs the jobs. */
export async function checkBacklog({ db, clock }: Services): Promise<Finding> {
  const now = clock.now().toISOString();
  const [row] = await db.execute<{ nudges: number; calendars: number }>(sql`
    select
      (
        select count(*)::int from outbox where created_at < ${now}::timestamptz - ${OVERDUE}::interval
      ) as nudges,
      (
        select count(*)::int from calendars c join calendar_connections k on k.id = c.connection_id
        where c.selected and k.auto_sync_enabled and k.import_enabled and k.reconnect_reason is null
          and k.disconnecting_at is null and c.next_sync_at < ${now}::timestamptz - ${OVERDUE}::interval
      ) as calendars
  `);
  const { nudges = 0, calendars = 0 } = row ?? {};
  return nudges + calendars === 0
    ? { status: "ok", detail: "nothing waits" }
    : {
        status: "warning",
        detail: `${calendars} calendars and ${nudges} nudges overdue by ${OVERDUE}: do jobs run?`,
      };
}

/** Requests to vendors, and whether the day's budget and the minutes' quotas will do. */
export async function checkRequests({ db, clock, requests }: Services): Promise<Finding> {
  const now = clock.now();
  const states = await readBudgets(db, requests.budgets, now);
  const persons = await countOverBudget(db, requests.budgets, now);
  const parts = states.map(
    ({ vendor, requests: used, budget, share }) =>
      `${vendor} ${used} of ${budget} today, ${Math.round(share * 100)} % by midnight UTC at this pace`,
  );
  const minutes = await readMinuteStates(db, requests.quotas, now);
  for (const { vendor, requests: used, project, busiestPerson, person, limited } of minutes) {
    const refused = limited > 0 ? `, ${limited} refused within the hour` : "";
    parts.push(
      `${vendor} ${used} of ${project} in the last minute, at most ${busiestPerson} of ${person} for one person${refused}`,
    );
  }
  if (persons > 0) parts.push(`${persons} people beyond USER_DAILY_REQUESTS`);
  const short = states.filter((state) => state.short).map(({ vendor }) => vendor);
  if (short.length > 0) {
    parts.push(
      `the budget of ${short.join(", ")} will not do: ask the vendor for more, or check fewer calendars`,
    );
  }
  const isTight = short.length > 0 || minutes.some(({ tight }) => tight);
  return { status: isTight ? "warning" : "ok", detail: parts.join("; ") };
}

/** Jobs the schedule once ran and no longer does. */
export async function checkSchedule({ db, clock }: Services): Promise<Finding> {
  const stopped = await findStoppedJobs(db, clock.now());
  if (stopped.length === 0) return { status: "ok", detail: "every job that ever ran still does" };
  const names = stopped.map(({ job, startedAt }) => `${job} (last ${startedAt.toISOString()})`);
  return { status: "warning", detail: `silent for too long: ${names.join(", ")}. Is a server running?` };
}
