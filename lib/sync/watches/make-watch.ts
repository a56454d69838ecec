import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { announce } from "@/db/live";
import { withTransaction } from "@/db/transaction";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import {
  endOf,
  isShortLived,
  renewAt,
  UNSUPPORTED_WAIT_MS,
  watchRetryAt,
} from "@/lib/calendar/watch-schedule";
import { withAccess } from "@/lib/connections/access";
import type { Services } from "@/lib/connections/services";
import { randomToken, tokenHash } from "@/lib/platform/crypto";
import { AppError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { describeError, log } from "@/lib/platform/log";
import type { Access, CalendarProvider, Vendor } from "@/lib/providers/calendar-provider";
import type { GrantedWatch } from "@/lib/providers/change-watcher";
import { isHeldBack, ProviderError } from "@/lib/providers/provider-error";
import type { WatchSubject } from "@/lib/sync/watches/find-watches";
import { type Ending, endTurn, takeTurn } from "@/lib/sync/watches/watch-subject";

export type MadeWatch = "made" | "unsupported" | "failed" | "skipped";

/** Who cannot reach us now cannot in a minute either: the first pause is about a quarter of an hour. */
const DEAF_HEAD_START = 4;

interface WishRow extends Record<string, unknown> {
  watch_id: string;
  user_id: string;
  connection_id: string;
  /** Null of a list, and with it the two that follow. */
  calendar_id: string | null;
  external_id: string | null;
  time_zone: TimeZoneId | null;
  provider: Vendor;
  watch_failures: number;
  deaf: boolean;
}

type Wish = WishRow & { subject: WatchSubject };

/** Asks a vendor to tell of changes. The row comes before the request: the first message may, too. */
export async function makeWatch(services: Services, subject: WatchSubject): Promise<MadeWatch> {
  const secret = randomToken();
  const row = await claimWish(services, subject, tokenHash(secret));
  if (row === null) return "skipped";
  const wish = { ...row, subject };
  try {
    const provider = services.providers.find(wish.provider);
    if (provider === null) throw new ProviderError("misconfigured", { detail: "not_configured" });
    const asking = (access: Access) => ask(services, provider, access, wish, secret);
    const expiresAt = await withAccess(services, wish.connection_id, asking, { patient: true });
    await services.db.execute(endTurn(subject, endingOf(services, wish, expiresAt)));
    log.info({ watch: "made", subject: subject.kind, ...idsOf(wish) });
    return "made";
  } catch (error) {
    return fail(services, wish, error);
  }
}

const idsOf = ({ watch_id: watchId, calendar_id: calendarId, connection_id: connectionId }: Wish) => ({
  watchId,
  calendarId,
  connectionId,
});

/** One statement takes the subject's turn and writes the row, so that two processes do not both ask. */
async function claimWish(
  services: Services,
  subject: WatchSubject,
  secretHash: string,
): Promise<WishRow | null> {
  const now = services.clock.now();
  const at = sql`${now.toISOString()}::timestamptz`;
  const [wish] = await services.db.execute<WishRow>(sql`
    with taken as (${takeTurn(subject, now)}), written as (
      insert into calendar_watches (
        id, user_id, connection_id, subject, calendar_id, provider, secret_hash, requested_at, next_attempt_at
      )
      select ${newId(now)}::uuid, user_id, connection_id, ${subject.kind}, calendar_id, provider, ${secretHash},
        ${at}, ${at}
      from taken
      returning id
    ), numbered as (
      insert into calendar_lists (connection_id)
      select connection_id from taken where ${subject.kind === "calendar_list"}::boolean
      on conflict do nothing
    )
    select w.id as watch_id, t.* from taken t, written w
  `);
  return wish ?? null;
}

/** Repeatable: a token that is refused made nothing. Answers when the watch ends. */
async function ask(
  services: Services,
  provider: CalendarProvider,
  access: Access,
  wish: Wish,
  secret: string,
): Promise<Date> {
  const { watches } = provider;
  const { external_id: externalId, time_zone: timeZone } = wish;
  const request = {
    id: wish.watch_id,
    secret,
    address: `${services.appOrigin}${watches.path}`,
    lifetimeMs: watches.lifetimeMs,
  };
  const grant =
    externalId === null || timeZone === null
      ? await watches.createForList(access, request)
      : await watches.create(access, { externalId, timeZone }, request);
  const expiresAt = endOf(grant, services.clock.now());
  if (await record(services, wish, grant, expiresAt)) return expiresAt;
  // A disconnect took the row meanwhile: nobody will ever stop this one but us.
  const { resourceId } = grant;
  if (resourceId === null) return expiresAt;
  await watches.stop(access, { externalId: grant.externalId, resourceId }).catch((error: unknown) => {
    log.warn({ watch: "orphan", watchId: wish.watch_id, err: describeError(error) });
  });
  return expiresAt;
}

async function record(
  services: Services,
  wish: Wish,
  grant: GrantedWatch,
  expiresAt: Date,
): Promise<boolean> {
  const now = services.clock.now();
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

/**
 * One after another that told us nothing: Google may not reach us at all, so the next try waits. So it does where one
 * is over as soon as it was made, or each turn of the schedule would ask for another.
 */
function endingOf({ clock, random }: Services, wish: Wish, expiresAt: Date): Ending {
  const now = clock.now();
  const short = isShortLived(expiresAt, now);
  if (!wish.deaf && !short) return { until: null, failures: 0 };
  const failures = wish.watch_failures + (short ? 1 : DEAF_HEAD_START);
  const until = watchRetryAt({ failures, retryAfterMs: null, random: random(), now });
  return { until, failures: short ? failures : null };
}

/** After these the vendor may have made it all the same; its first message would say so. */
const UNCERTAIN = new Set(["transient", "malformed_response"]);

async function fail(services: Services, wish: Wish, error: unknown): Promise<MadeWatch> {
  if (error instanceof AppError && error.code === "not_found") return "skipped";
  if (isHeldBack(error)) return heldBack(services.db, wish);
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
    await tx.execute(
      endTurn(
        wish.subject,
        unsupported
          ? { until: null, failures: 0, unsupportedUntil: again }
          : { until: retryAt, failures: wish.watch_failures + 1 },
      ),
    );
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
    subject: wish.subject.kind,
    ...idsOf(wish),
    err: describeError(error),
  });
  return unsupported ? "unsupported" : "failed";
}

/** The minute had no room, and the vendor was not asked: the next turn will do. */
async function heldBack(db: Database, wish: Wish): Promise<MadeWatch> {
  await withTransaction(db, async (tx) => {
    await tx.execute(endTurn(wish.subject, { until: null, failures: null }));
    await tx.execute(sql`delete from calendar_watches where id = ${wish.watch_id}`);
  });
  return "skipped";
}
