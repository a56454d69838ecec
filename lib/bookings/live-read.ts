import type { ReceiptEntry } from "@/db/schema/bookings";
import { type BlockingCalendar, loadBlockingCalendars } from "@/lib/bookings/blocking-calendars";
import { busyOf } from "@/lib/bookings/live-busy";
import type { CalendarFreshness } from "@/lib/bookings/schedule";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { TimeRange } from "@/lib/calendar/time-range";
import { withAccess } from "@/lib/connections/access";
import type { Services } from "@/lib/connections/services";
import type { Ctx } from "@/lib/organizations/context";
import { AppError } from "@/lib/platform/errors";
import { describeError, log } from "@/lib/platform/log";

/** What the outside calendars say of one interval, and how well that is known. */
export interface Evidence {
  receipt: ReceiptEntry[];
  /** Read just now; what is stored is not in it. */
  busy: TimeRange[];
}

interface Wish {
  /** The slot with its buffers. */
  interval: TimeRange;
  /** The booking that is being moved: its own event is no obstacle. */
  exceptBookingId: string | null;
}

/** Whoever books waits no longer than this for all calendars together. */
const LIVE_READ_MS = 1_500;

/**
 * Reads the interval live in every blocking calendar whose stored events may be out of date. Throws
 * `calendar_not_ready` for a calendar never fully read, and for one that cannot be read now whose owner wants to be
 * sure. Never inside a transaction: it asks vendors.
 */
export async function gatherEvidence(
  services: Services,
  { db, userId, now }: Pick<Ctx, "db" | "userId" | "now">,
  wish: Wish,
  known: readonly CalendarFreshness[],
): Promise<Evidence> {
  if (known.every(({ state }) => state === "fresh")) return { receipt: [...known], busy: [] };
  const calendars = await loadBlockingCalendars(db, userId, now);
  if (calendars.some(({ freshness }) => freshness === "unknown")) throw calendarNotReady();
  const stale = calendars.filter(({ freshness }) => freshness === "stale");
  const answers = await readLive(services, stale, wish.interval, now);
  const unread = stale.filter(({ id }) => !answers.has(id));
  if (unread.some(({ whenUnsure }) => whenUnsure === "refuse")) throw calendarNotReady();
  return {
    receipt: calendars.map((calendar) => ({
      calendarId: calendar.id,
      state: answers.has(calendar.id) ? "live" : calendar.freshness,
      syncedAt: calendar.syncedThrough?.toISOString() ?? null,
    })),
    busy: await busyOf(services, { userId, ...wish }, stale, answers),
  };
}

export function calendarNotReady(): AppError {
  const detail =
    "A calendar that blocks time could not be read, so nobody knows yet whether this time is free.";
  return new AppError("calendar_not_ready", detail);
}

/** All at once, for as long as allowed. An answer that comes later is dropped; a failure is no answer. */
async function readLive(
  services: Services,
  calendars: readonly BlockingCalendar[],
  interval: TimeRange,
  now: Date,
): Promise<ReadonlyMap<string, CalendarEvent[]>> {
  const answers = new Map<string, CalendarEvent[]>();
  const asked = calendars.filter((calendar) => mayAsk(services, calendar, now));
  if (asked.length === 0) return answers;
  const reads = asked.map(async (calendar) => {
    try {
      answers.set(calendar.id, await ask(services, calendar, interval));
    } catch (error) {
      log.warn({ event: "booking.live_read_failed", calendarId: calendar.id, err: describeError(error) });
    }
  });
  await within(LIVE_READ_MS, Promise.all(reads));
  return new Map(answers);
}

/** False where the answer is known beforehand: a dead grant, a policy, a vendor that asked us to wait. */
function mayAsk(services: Services, calendar: BlockingCalendar, now: Date): boolean {
  const provider = services.providers.find(calendar.provider);
  const { lastErrorKind, backoffUntil } = calendar;
  const waits = lastErrorKind === "rate_limited" || lastErrorKind === "quota_exhausted";
  if (provider === null || !calendar.admitted || calendar.reconnectReason !== null) return false;
  if (waits && backoffUntil !== null && backoffUntil > now) return false;
  return provider.oauth.capabilities(calendar.grantedScopes).readEvents;
}

const underway = new Map<string, Promise<CalendarEvent[]>>();

/** Many who want one slot at a time share one request to the vendor. */
function ask(services: Services, calendar: BlockingCalendar, interval: TimeRange): Promise<CalendarEvent[]> {
  const key = `${calendar.id} ${interval.start.getTime()} ${interval.end.getTime()}`;
  const known = underway.get(key);
  if (known !== undefined) return known;
  const asked = withAccess(services, calendar.connectionId, async (access) => {
    const { externalId, timeZone } = calendar;
    return (
      (await services.providers
        .find(calendar.provider)
        ?.listWindow(access, { externalId, timeZone }, interval)) ?? []
    );
  }).finally(() => underway.delete(key));
  underway.set(key, asked);
  return asked;
}

async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}
