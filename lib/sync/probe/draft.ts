import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { wordsIn } from "@/lib/platform/words";
import type { ProbeDraft } from "@/lib/providers/event-writer";

const QUARTER_MS = 15 * 60_000;

/** The event of a probe: the next free quarter of an hour on the clock but one, in its person's language. */
export function draftProbe(
  probe: { id: string; locale: string; timeZone: TimeZoneId },
  now: Date,
): ProbeDraft {
  const words = wordsIn(probe.locale);
  const start = new Date((Math.floor(now.getTime() / QUARTER_MS) + 2) * QUARTER_MS);
  return {
    title: words("probe.event.title"),
    description: words("probe.event.description"),
    start,
    end: new Date(start.getTime() + QUARTER_MS),
    timeZone: probe.timeZone,
    probeMarker: probe.id,
  };
}
