import { useTranslations } from "next-intl";
import { Card, CardHeader } from "@/app/_components/ui/card";
import { useEntryWords } from "@/app/(dashboard)/calendar/_components/use-entry-words";
import type { CalendarEntry } from "@/app/(dashboard)/calendar/calendar-entry";

/** The next events of the outside calendars, and who takes part. */
export function UpcomingEvents({ entries }: { entries: CalendarEntry[] }) {
  const t = useTranslations("calendar.upcoming");
  return (
    <Card aria-labelledby="upcoming" className="mt-8">
      <CardHeader>
        <div>
          <h2 className="text-lg font-semibold" id="upcoming">
            {t("title")}
          </h2>
          <p className="text-sm text-ink-muted">{t("description")}</p>
        </div>
      </CardHeader>
      {entries.length === 0 ? (
        <p className="border-t px-4 py-5 text-sm text-ink-muted sm:px-6">{t("none")}</p>
      ) : (
        <ul className="divide-y border-t">
          {entries.map((entry) => (
            <UpcomingEvent entry={entry} key={entry.id} />
          ))}
        </ul>
      )}
    </Card>
  );
}

const SHOWN_ATTENDEES = 4;

function UpcomingEvent({ entry }: { entry: CalendarEntry }) {
  const t = useTranslations("calendar");
  const { details, when } = useEntryWords(entry);
  const others = details.attendees.length - SHOWN_ATTENDEES;
  return (
    <li className="gap-x-6 px-4 py-3 text-sm sm:px-6 lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <time className="block text-ink-muted tabular-nums" dateTime={entry.start.toISOString()}>
        {when}
      </time>
      <div className="min-w-0">
        <p className="font-medium wrap-anywhere">
          {details.title}
          {entry.displaced !== null && (
            <span className="font-normal text-warning"> · {t("displaced.short")}</span>
          )}
          {!entry.blocks && <span className="font-normal text-ink-muted"> · {t("doesNotBlock")}</span>}
        </p>
        {details.attendees.length > 0 && (
          <ul aria-label={t("upcoming.attendees")} className="mt-0.5 flex flex-wrap gap-x-4 text-ink-muted">
            {details.attendees.slice(0, SHOWN_ATTENDEES).map(({ who, response }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two guests may bear the same name
              <li className="min-w-0 wrap-anywhere" key={index}>
                <span className="text-ink">{who}</span> ({response})
              </li>
            ))}
            {others > 0 && <li>{t("upcoming.others", { count: others })}</li>}
          </ul>
        )}
      </div>
    </li>
  );
}
