import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { announce } from "@/db/live";
import { withTransaction } from "@/db/transaction";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { ANSWER_WAIT_MS, renewAt, UNSUPPORTED_WAIT_MS, watchRetryAt } from "@/lib/calendar/watch-schedule";
import { withAccess } from "@/lib/connections/access";
import type { Services } from "@/lib/connections/services";
import { randomToken, tokenHash } from "@/lib/platform/crypto";
import { AppError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { describeError, log } from "@/lib/platform/log";
import type { Access, CalendarProvider, Vendor } from "@/lib/providers/calendar-provider";
import type { GrantedWatch } from "@/lib/providers/change-watcher";
import { ProviderError } from "@/lib/providers/provider-error";
import { isDeaf, needsWatch } from "@/lib/sync/watches/find-watches";

export type MadeWatch = "made" | "unsupported" | "failed" | "skipped";

/** What a vendor that names no end is taken to have granted. */
const UNNAMED_LIFE_MS = 86_400_000;

/** Who cannot reach us now cannot in a minute either: the first pause is about a quarter of an hour. */
const DEAF_HEAD_START = 4;

interface Wish extends Record<string, unknown> {
  watch_id: string;
  user_id: string;
  connection_id: string;
  calendar_id: string;
  external_id: string;
  time_zone: TimeZoneId;
  provider: Vendor;
  watch_failures: number;
  deaf: boolean;
}

/** Asks a calendar's vendor to tell of changes. The row comes before the request: the first message may, too. */
export async function makeWatch(services: Services, calendarId: string): Promise<MadeWatch> {
  const secret = randomToken();
  const wish = await claimWish(services, calendarId, tokenHash(secret));
  if (wish === null) return "skipped";
  try {
    const provider = services.providers.find(wish.provider);
    if (provider === null) throw new ProviderError("misconfigured", { detail: "not_configured" });
    await withAccess(services, wish.connection_id, (access) => ask(services, provider, access, wish, secret));
    await settled(services.db, wish, retryOfDeaf(services, wish));
    log.info({ watch: "made", calendarId, watchId: wish.watch_id });
    return "made";
  } catch (error) {
    return fail(services, wish, error);
  }
}

/** One statement takes the calendar's turn and writes the row, so that two processes do not both ask. */
async function claimWish(services: Services, calendarId: string, secretHash: string): Promise<Wish | null> {
  const now = services.clock.now();
  const at = sql`${now.toISOString()}::timestamptz`;
  const [wish] = await services.db.execute<Wish>(sql`
    with taken as (
      update calendars c
      set next_watch_at = ${at} + ${ANSWER_WAIT_MS} * interval '1 millisecond',
        watch_failures = c.watch_failures + case when ${isDeaf} then 1 else 0 end
      from calendar_connections k
      where c.id = ${calendarId} and k.id = c.connection_id and ${needsWatch(now)}
      returning c.id as calendar_id, c.user_id, c.connection_id, c.external_id, c.time_zone, k.provider,
        c.watch_failures, ${isDeaf} as deaf
    ), written as (
      insert into calendar_watches (
        id, user_id, connection_id, calendar_id, provider, secret_hash, requested_at, next_attempt_at
      )
      select ${newId(now)}::uuid, user_id, connection_id, calendar_id, provider, ${secretHash}, ${at}, ${at}
      from taken
      returning id
    )
    select w.id as watch_id, t.* from taken t, written w
  `);
  return wish ?? null;
}

/** Repeatable: a token that is refused made nothing. */
async function ask(
  services: Services,
  provider: CalendarProvider,
  access: Access,
  wish: Wish,
  secret: string,
): Promise<void> {
  const { watches } = provider;
  const calendar = { externalId: wish.external_id, timeZone: wish.time_zone };
  const grant = await watches.create(access, calendar, {
    id: wish.watch_id,
    secret,
    address: `${services.appOrigin}${watches.path}`,
    lifetimeMs: watches.lifetimeMs,
  });
  if (await record(services, wish, grant)) return;
  // A disconnect took the row meanwhile: nobody will ever stop this one but us.
  const { externalId, resourceId } = grant;
  if (resourceId === null) return;
  await watches.stop(access, { externalId, resourceId }).catch((error: unknown) => {
    log.warn({ watch: "orphan", watchId: wish.watch_id, err: describeError(error) });
  });
}

async function record(services: Services, wish: Wish, grant: GrantedWatch): Promise<boolean> {
  const now = services.clock.now();
  const expiresAt = grant.expiresAt ?? new Date(now.getTime() + UNNAMED_LIFE_MS);
  const renewal = renewAt({ id: wish.watch_id, requestedAt: now, expiresAt });
  const rows = await services.db.execute<{ id: string }>(sql`
    update calendar_watches
    set external_id = ${grant.externalId}, resource_id = coalesce(${grant.resourceId}, resource_id),
      expires_at = ${expiresAt.toISOString()}::timestamptz, renew_at = ${renewal.toISOString()}::timestamptz,
      next_attempt_at = ${now.toISOString()}::timestamptz, error_code = null
    where id = ${wish.watch_id}
    returning id
  `);
  return rows.length > 0;
}

/** One after another that told us nothing: Google may not reach us at all, so the next try waits. */
function retryOfDeaf(services: Services, wish: Wish): Date | null {
  if (!wish.deaf) return null;
  const now = services.clock.now();
  const failures = wish.watch_failures + DEAF_HEAD_START;
  return watchRetryAt({ failures, retryAfterMs: null, random: services.random(), now });
}

async function settled(db: Db, wish: Wish, waitUntil: Date | null): Promise<void> {
  await db.execute(sql`
    update calendars
    set next_watch_at = ${waitUntil?.toISOString() ?? null}::timestamptz, push_unsupported_until = null,
      watch_failures = case when ${waitUntil === null} then 0 else watch_failures end
    where id = ${wish.calendar_id}
  `);
}

/** After these the vendor may have made it all the same; its first message would say so. */
const UNCERTAIN = new Set(["transient", "malformed_response"]);

async function fail(services: Services, wish: Wish, error: unknown): Promise<MadeWatch> {
  if (error instanceof AppError && error.code === "not_found") return "skipped";
  const kind = error instanceof ProviderError ? error.kind : "internal";
  const now = services.clock.now();
  const unsupported = kind === "not_supported";
  const retryAt = watchRetryAt({
    failures: wish.watch_failures + 1,
    retryAfterMs: error instanceof ProviderError ? error.retryAfterMs : null,
    random: services.random(),
    now,
  });
  const again = new Date(now.getTime() + UNSUPPORTED_WAIT_MS);
  await withTransaction(services.db, async (tx) => {
    await tx.execute(sql`
      update calendars
      set next_watch_at = ${unsupported ? null : retryAt.toISOString()}::timestamptz,
        watch_failures = ${unsupported ? 0 : wish.watch_failures + 1},
        push_unsupported_until = ${unsupported ? again.toISOString() : null}::timestamptz
      where id = ${wish.calendar_id}
    `);
    await tx.execute(
      UNCERTAIN.has(kind) || kind === "internal"
        ? sql`update calendar_watches set error_code = ${kind} where id = ${wish.watch_id}`
        : sql`delete from calendar_watches where id = ${wish.watch_id}`,
    );
    if (unsupported) await announce(tx, wish.user_id, ["integrations"]);
  });
  const level = unsupported ? "info" : "warn";
  log[level]({
    watch: unsupported ? "unsupported" : "failed",
    calendarId: wish.calendar_id,
    err: describeError(error),
  });
  return unsupported ? "unsupported" : "failed";
}
