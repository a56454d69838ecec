import { useFormatter, useTranslations } from "next-intl";
import { Badge } from "@/app/_components/ui/badge";
import { Card, CardHeader, CardSection } from "@/app/_components/ui/card";
import type { BulkChangeDetail } from "@/lib/bookings/bulk-changes";

const DAY = { weekday: "short", day: "numeric", month: "short" } as const;
const MOMENT = { ...DAY, hour: "numeric", minute: "2-digit" } as const;
const DAY_MS = 86_400_000;

type ChangedEvent = BulkChangeDetail["events"][number];

/** What is still ahead of the events that went or moved, with the times they had. */
export function ChangedEvents({ events, more }: { events: ChangedEvent[]; more: number }) {
  const t = useTranslations("bulkChange.events");
  return (
    <Card aria-labelledby="events">
      <CardHeader className="pb-4 sm:pb-4">
        <h2 className="text-lg font-semibold" id="events">
          {t("title")}
        </h2>
      </CardHeader>
      {events.length === 0 ? (
        <CardSection className="text-sm text-ink-muted">{t("none")}</CardSection>
      ) : (
        <ul className="divide-y border-t">
          {events.map((event, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: events have no name of their own, and the list only shrinks
            <EventLine event={event} key={index} />
          ))}
          {more > 0 && (
            <li className="px-4 py-3 text-sm text-ink-muted sm:px-6">{t("more", { count: more })}</li>
          )}
        </ul>
      )}
    </Card>
  );
}

function EventLine({ event }: { event: ChangedEvent }) {
  const t = useTranslations("bulkChange.events");
  const when = useWhen(event);
  const series = event.occurrences > 1 ? t("occurrences", { count: event.occurrences }) : null;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-sm sm:px-6">
      <div className="min-w-0 flex-1 basis-56">
        <p className="wrap-anywhere">
          {event.title ?? <span className="text-ink-muted">{t("untitled")}</span>}
        </p>
        <p className="text-xs text-ink-muted">{[when, series].filter((part) => part !== null).join(" · ")}</p>
      </div>
      <p className="flex gap-2">
        {event.own && <Badge tone="info">{t("own")}</Badge>}
        <Badge tone={event.how === "removed" ? "warning" : "neutral"}>{t(`how.${event.how}`)}</Badge>
      </p>
    </li>
  );
}

/** Days are days wherever they are read; the end of a range is not in it. */
function useWhen({ start, end, startDate, endDate }: ChangedEvent): string {
  const format = useFormatter();
  if (startDate === null || endDate === null)
    return format.dateTimeRange(new Date(start), new Date(end), MOMENT);
  const first = new Date(`${startDate}T00:00:00Z`);
  const last = new Date(Date.parse(`${endDate}T00:00:00Z`) - DAY_MS);
  return format.dateTimeRange(first, last, { ...DAY, timeZone: "UTC" });
}
