import { CalendarPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { Link } from "@/app/_components/link";
import { ProviderMark } from "@/app/_components/provider-mark";
import { useCalendarProducts } from "@/app/_components/provider-name";
import { RelativeTime } from "@/app/_components/relative-time";
import { StatusBadge } from "@/app/_components/status-badge";
import { Button } from "@/app/_components/ui/button";
import { Card, CardHeader, CardSection } from "@/app/_components/ui/card";
import { ExportAgain } from "@/app/(dashboard)/bookings/_components/export-again";
import { useEventLabels } from "@/app/(dashboard)/bookings/_components/use-event-labels";
import type { Booking, BookingEvent } from "@/app/(dashboard)/bookings/booking";
import { EXPORT_LOOKS, type ExportState, remedyFor } from "@/app/(dashboard)/bookings/export-state";

/** Writing the event anew would not help these. */
const IN_ORDER: ReadonlySet<ExportState> = new Set([
  "adding",
  "removing",
  "waiting",
  "waiting_removing",
  "there",
  "kept",
  "gone",
]);

/** What became of the booking in each calendar, and what mends what went wrong there. */
export function CalendarsCard({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings.export");
  const { events, status, phase } = booking;
  const cancelled = status === "cancelled";
  const labels = useEventLabels(events);
  const needed = events.some(({ state }) => !IN_ORDER.has(state));
  return (
    <Card aria-labelledby="calendars">
      <CardHeader className="pb-4 sm:pb-4">
        <h2 className="min-w-0 flex-1 basis-40 text-lg font-semibold" id="calendars">
          {t("title")}
        </h2>
        {events.length > 0 && (needed || phase !== "over") && (
          <ExportAgain cancelled={cancelled} id={booking.id} needed={needed} />
        )}
      </CardHeader>
      {events.length === 0 ? (
        <CardSection className="flex flex-wrap items-center gap-x-4 gap-y-3 text-sm text-ink-muted">
          <p className="min-w-0 flex-1 basis-64">{t(cancelled ? "neverAdded" : "nowhereHint")}</p>
          {!cancelled && phase !== "over" && (
            <Button asChild size="sm">
              <Link href="/integrations">
                <CalendarPlus aria-hidden />
                {t("choose")}
              </Link>
            </Button>
          )}
        </CardSection>
      ) : (
        <ul className="divide-y border-t">
          {events.map((event, index) => (
            <EventLine event={event} key={event.key} label={labels[index] ?? ""} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function EventLine({ event, label }: { event: BookingEvent; label: string }) {
  const t = useTranslations("bookings.export");
  const product = useCalendarProducts()[event.provider];
  const { state, problem, syncedAt } = event;
  const remedy = problem === null ? null : remedyFor(problem);
  return (
    <li className="px-4 py-4 sm:px-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <ProviderMark className="size-9" provider={event.provider} />
        <div className="min-w-0 flex-1 basis-48">
          <p className="font-medium wrap-anywhere">{label}</p>
          <p className="text-xs wrap-anywhere text-ink-muted">
            {event.account === null
              ? t("disconnected")
              : [event.account, product].filter((part) => part !== label).join(" · ")}
          </p>
        </div>
        <StatusBadge look={EXPORT_LOOKS[state]}>{t(`short.${state}`)}</StatusBadge>
      </div>
      {problem !== null && (
        <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control bg-warning-soft px-4 py-3 text-sm">
          <p className="min-w-0 flex-1 basis-64">
            <span className="block font-medium">{t(`problem.${problem}.message`, { product })}</span>
            {t(`problem.${problem}.fix`, { product })}
          </p>
          {remedy !== null && event.integrationId !== null && (
            <Button asChild size="sm">
              <a href={`/integrations#integration-${event.integrationId}`}>{t(`remedy.${remedy}`)}</a>
            </Button>
          )}
        </div>
      )}
      {syncedAt !== null && (
        <p className="mt-2 text-xs text-ink-muted">
          {t.rich("written", { time: () => <RelativeTime at={syncedAt} /> })}
        </p>
      )}
    </li>
  );
}
