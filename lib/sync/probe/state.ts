import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/client";
import { PUSH_TROUBLES } from "@/db/schema/probes";
import type { ProbeFacts } from "@/lib/calendar/probe-plan";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { isAdmitted } from "@/lib/connections/admitted";
import { wantsWatch } from "@/lib/connections/watch-wishes";
import type { Vendor } from "@/lib/providers/calendar-provider";
import { change, HEARD_AT, LostProbeError, type ProbeClaim } from "@/lib/sync/probe/claim";

/** A probe as it stands, with what is needed to go on. */
export interface ProbeState {
  facts: ProbeFacts;
  connectionId: string;
  /** Null once our row of the calendar went. */
  calendarId: string | null;
  calendarExternalId: string;
  externalId: string | null;
  vendor: Vendor;
  timeZone: TimeZoneId;
  locale: string;
}

const instant = z.coerce.date().nullable();
const trouble = z.enum(PUSH_TROUBLES).nullable();
const row = z.object({
  connectionId: z.uuid(),
  calendarId: z.uuid().nullable(),
  calendarExternalId: z.string(),
  externalId: z.string().nullable(),
  vendor: z.enum(["google", "microsoft"]),
  timeZone: z.string().transform((zone) => zone as TimeZoneId),
  locale: z.string(),
  heardAt: instant,
  facts: z.object({
    requestedAt: z.coerce.date(),
    askedAt: instant,
    writtenAt: instant,
    pushedAt: instant,
    pushTrouble: trouble,
    readAt: instant,
    finishedAt: instant,
    removedAt: instant,
    attempts: z.int(),
    obstacle: z.string().nullable(),
    unwatched: trouble,
    heardBefore: z.boolean(),
    roundError: z.string().nullable(),
  }),
});

/** Reads how it stands now, and notes a message that came since. Throws `LostProbeError` for a row that is gone. */
export async function readState(db: Db, claim: ProbeClaim, now: Date): Promise<ProbeState> {
  const [found] = await db.execute<{ state: unknown }>(sql`
    select jsonb_build_object(
      'connectionId', p.connection_id, 'calendarId', p.calendar_id, 'calendarExternalId', p.calendar_external_id,
      'externalId', p.external_id, 'vendor', k.provider, 'timeZone', coalesce(c.time_zone, u.time_zone),
      'locale', u.locale, 'heardAt', ${HEARD_AT},
      'facts', jsonb_build_object(
        'requestedAt', p.requested_at, 'askedAt', p.asked_at, 'writtenAt', p.written_at, 'pushedAt', p.pushed_at,
        'pushTrouble', p.push_trouble, 'readAt', p.read_at, 'finishedAt', p.finished_at, 'removedAt', p.removed_at,
        'attempts', p.attempts, 'obstacle', ${obstacle}, 'unwatched', ${unwatched(now)},
        'heardBefore', exists (
          select from calendar_watches w where w.calendar_id = p.calendar_id and w.verified_at <= p.asked_at
        ),
        'roundError', case when c.last_error_at >= p.asked_at then c.last_error_kind end
      )
    ) as state
    from calendar_probes p
    join calendar_connections k on k.id = p.connection_id
    join users u on u.id = p.user_id
    left join calendars c on c.id = p.calendar_id
    where p.id = ${claim.id} and p.lease_epoch = ${claim.leaseEpoch}
  `);
  if (found === undefined) throw new LostProbeError(claim.id);
  const { heardAt, ...state } = row.parse(found.state);
  if (heardAt === null || state.facts.pushedAt !== null || state.facts.finishedAt !== null) return state;
  await change(db, claim, sql`pushed_at = coalesce(p.pushed_at, ${heardAt.toISOString()}::timestamptz)`);
  return { ...state, facts: { ...state.facts, pushedAt: heardAt } };
}

const obstacle = sql`case when k.reconnect_reason is not null then 'reauthorization_required'
    when not (${isAdmitted(sql.raw("k"))}) then 'blocked_by_policy'
    when p.calendar_id is null and p.finished_at is null then 'not_found' end`;

/** Why nobody will tell of this calendar; null while a watch lives, which may be heard though it never was. */
function unwatched(now: Date) {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`case
    when c.id is null or not ${wantsWatch} then 'off'
    when exists (
      select from calendar_watches w
      where w.calendar_id = c.id and w.stop_wanted_at is null and w.expires_at > ${at}
    ) then null
    when c.push_unsupported_until > ${at} then 'unsupported'
    when c.watch_failures > 0 then 'refused'
    else 'pending' end`;
}
