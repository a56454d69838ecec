import { CalendarRange, CircleQuestionMark } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/app/_components/empty-state";
import { Link } from "@/app/_components/link";
import { PageHeader } from "@/app/_components/page-header";
import { Button } from "@/app/_components/ui/button";
import { CalendarToolbar } from "@/app/(dashboard)/calendar/_components/calendar-toolbar";
import { Explanation } from "@/app/(dashboard)/calendar/_components/explanation";
import { Legend } from "@/app/(dashboard)/calendar/_components/legend";
import { ReadDays, ReadingNotices } from "@/app/(dashboard)/calendar/_components/reading-notices";
import { TimeGrid } from "@/app/(dashboard)/calendar/_components/time-grid";
import { TimeOffDialog } from "@/app/(dashboard)/calendar/_components/time-off-dialog";
import { UpcomingEvents } from "@/app/(dashboard)/calendar/_components/upcoming-events";
import { WHY_BUTTON } from "@/app/(dashboard)/calendar/_components/why-button";
import type { ViewPlan } from "@/app/(dashboard)/calendar/_layout/plan";
import { calendarHref, type ViewRange } from "@/app/(dashboard)/calendar/_layout/view-range";
import type { CalendarEntry } from "@/app/(dashboard)/calendar/calendar-entry";
import type { Why } from "@/app/(dashboard)/calendar/read-why";
import type { ReadingState } from "@/app/(dashboard)/calendar/reading-state";
import { whyHref } from "@/app/(dashboard)/calendar/why-address";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

interface CalendarViewProps {
  range: ViewRange;
  plan: ViewPlan<CalendarEntry>;
  upcoming: CalendarEntry[];
  reading: ReadingState;
  /** Where the view stops because there are too many entries; null when it holds all. */
  more: Date | null;
  /** The answer to a question in the address. */
  why: Why | null;
  now: Date;
  timeZone: TimeZoneId;
}

export function CalendarView(props: CalendarViewProps) {
  const { range, plan, upcoming, reading, more, why, now, timeZone } = props;
  const t = useTranslations("calendar");
  const empty = plan.days.every(({ whole, hours }) => whole.length + hours.length === 0);
  const day = range.days.includes(range.today) ? range.today : range.date;
  const here = calendarHref(range.view, range.date);
  return (
    <>
      <PageHeader
        actions={
          <div className="flex flex-wrap gap-3">
            <Button asChild>
              <Link
                href={whyHref(here, { date: day, from: "09:00", to: "10:00" })}
                id={WHY_BUTTON}
                scroll={false}
              >
                <CircleQuestionMark aria-hidden />
                {t("why.action")}
              </Link>
            </Button>
            <TimeOffDialog date={day} />
          </div>
        }
        description={t("description")}
        title={t("title")}
      />
      <CalendarToolbar range={range} timeZone={timeZone} />
      <ReadingNotices more={more} oneDay={range.view === "day"} reading={reading} />
      {!reading.connected && empty ? (
        <EmptyState
          action={
            <Button asChild variant="primary">
              <Link href="/integrations">{t("empty.action")}</Link>
            </Button>
          }
          heading="h2"
          icon={CalendarRange}
          title={t("empty.title")}
        >
          <p>{t("empty.body")}</p>
        </EmptyState>
      ) : (
        <>
          <TimeGrid now={now} plan={plan} range={range} />
          <Legend />
          {reading.read?.overlaps && (
            <p className="mt-2 text-xs text-ink-muted">
              <ReadDays read={reading.read} />
            </p>
          )}
        </>
      )}
      {reading.connected && <UpcomingEvents entries={upcoming} />}
      {why !== null && <Explanation here={here} why={why} />}
    </>
  );
}
