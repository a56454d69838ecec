import { type BlockReason, blocks } from "@/lib/calendar/blocking";
import { overlaps, type TimeRange } from "@/lib/calendar/time-range";
import { touches } from "@/lib/calendar/window";
import { factsOf } from "@/lib/reporting/block-reasons";
import type { EventFacts } from "@/lib/reporting/explain-facts";
import { type Reason, type ReasonCode, type ReasonFix, reason, times } from "@/lib/reporting/explain-reason";

const VENDOR_NAMES = { google: "Google", microsoft: "Outlook" };

type Verdict = { code: ReasonCode; blocks: boolean; says: string; fix: ReasonFix | null };

/** Why an event takes the time it lies in, or why not. `wide` is the time with the buffers of the service. */
export function eventReasons(events: readonly EventFacts[], time: TimeRange, wide: TimeRange): Reason[] {
  return events.flatMap((row) => {
    const { startsAt, endsAt } = row.event;
    const range = { start: startsAt, end: endsAt };
    const verdict = verdictOf(row);
    if (touches(time, range)) return [eventReason(row, verdict)];
    if (!verdict.blocks || !overlaps(range, wide)) return [];
    return [
      eventReason(row, {
        ...verdict,
        code: "service_buffer",
        says: "{event} lies in the time this service keeps free around it",
      }),
    ];
  });
}

function eventReason(row: EventFacts, { code, blocks: takes, says, fix }: Verdict): Reason {
  const { event, calendarId, bookingId } = row;
  const name = event.title === null ? `an event in “${row.calendarName}”` : `“${event.title}”`;
  const title = says.replace("{event}", () => name);
  return reason({
    code,
    blocks: takes,
    title: title.charAt(0).toUpperCase() + title.slice(1),
    subject: event.title,
    source: "external",
    ...times(event),
    calendarId,
    externalEventId: event.externalId,
    bookingId,
    learnedAt: event.learnedAt.toISOString(),
    fix,
  });
}

function verdictOf(row: EventFacts): Verdict {
  const { event, provider } = row;
  const judged = blocks(factsOf(event), row, row);
  if (event.displaced && judged.blocks) {
    const says = "{event} is a booking's event that was moved in the calendar, and nobody has decided yet";
    return { code: "event_displaced", blocks: true, says, fix: null };
  }
  const uncounted = event.own ? null : uncountedVerdict(row);
  if (uncounted !== null) return uncounted;
  if (judged.reason === "ours") {
    const says = "{event} was written here for a booking, and the booking itself takes the time";
    return { code: "event_own", blocks: false, says, fix: null };
  }
  const code = `event_${judged.reason}` as const;
  const says = SAYS[judged.reason].replace("{vendor}", VENDOR_NAMES[provider]);
  return { code, blocks: judged.blocks, says, fix: overrideFix(event.id, judged.reason) };
}

/** Stored, and yet without a say: its calendar or its account does not count. */
function uncountedVerdict({ importEnabled, selected, connectionId, calendarId }: EventFacts): Verdict | null {
  if (!importEnabled) {
    const fix = { action: "enable_import", integrationId: connectionId } as const;
    return { code: "import_off", blocks: false, says: "{event} does not count: import is off", fix };
  }
  if (selected) return null;
  const fix = { action: "check_calendar", integrationId: connectionId, calendarId } as const;
  return {
    code: "calendar_unchecked",
    blocks: false,
    says: "{event} does not count: its calendar is not checked",
    fix,
  };
}

const SAYS: Record<Exclude<BlockReason, "ours">, string> = {
  busy: "{event} is in your calendar",
  tentative: "{event} is tentative, and tentative events block by your setting",
  unanswered: "{event} is an invitation you have not answered",
  all_day_setting: "{event} is marked free, blocked by your setting for all-day events",
  override_busy: "{event} blocks because you said so",
  override_free: "{event} does not block because you said so",
  zero_length: "{event} has no length, so free",
  declined: "{event}: declined, so free",
  working_elsewhere: "{event} says where you work, so free",
  marked_free: "{event}: marked free in {vendor}, so free: block it anyway?",
  tentative_ignored: "{event} is tentative, and tentative events are ignored by your setting",
};

/** The one click that turns the verdict around; what a person said is taken back, not contradicted. */
function overrideFix(eventId: string, why: Exclude<BlockReason, "ours">): ReasonFix | null {
  const override = (to: boolean | null) => ({ action: "override_event", eventId, blocks: to }) as const;
  switch (why) {
    case "zero_length":
      return null;
    case "override_busy":
    case "override_free":
      return override(null);
    case "busy":
    case "tentative":
    case "unanswered":
    case "all_day_setting":
      return override(false);
    default:
      return override(true);
  }
}
