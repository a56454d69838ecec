import { ChevronLeft, ChevronRight } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { cn } from "@/app/_components/cn";
import { Link } from "@/app/_components/link";
import { Button } from "@/app/_components/ui/button";
import { ZoneNote } from "@/app/_components/zone-note";
import { calendarHref, VIEWS, type ViewRange } from "@/app/(dashboard)/calendar/_layout/view-range";
import { startOfDay } from "@/lib/calendar/event-time";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

interface CalendarToolbarProps {
  range: ViewRange;
  timeZone: TimeZoneId;
}

/** Which days are shown, in whose time, and the ways to others. */
export function CalendarToolbar({ range, timeZone }: CalendarToolbarProps) {
  const t = useTranslations("calendar");
  const step = range.view === "day" ? "day" : "week";
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-3">
      <nav aria-label={t("toolbar.moves")} className="flex items-center gap-1.5">
        <Button asChild size="icon">
          <Link
            aria-label={t(`toolbar.previous.${step}`)}
            href={calendarHref(range.view, range.previous)}
            scroll={false}
          >
            <ChevronLeft aria-hidden />
          </Link>
        </Button>
        <Button asChild className="h-9" size="sm">
          <Link href={calendarHref(range.view, null)} scroll={false}>
            {t("toolbar.today")}
          </Link>
        </Button>
        <Button asChild size="icon">
          <Link
            aria-label={t(`toolbar.next.${step}`)}
            href={calendarHref(range.view, range.next)}
            scroll={false}
          >
            <ChevronRight aria-hidden />
          </Link>
        </Button>
      </nav>
      <div aria-live="polite" className="order-last min-w-0 basis-full sm:order-none sm:flex-1 sm:basis-0">
        <h2 className="text-lg font-semibold">
          <RangeTitle range={range} timeZone={timeZone} />
        </h2>
        <ZoneNote />
      </div>
      <ViewSwitch range={range} />
    </div>
  );
}

function RangeTitle({ range, timeZone }: CalendarToolbarProps) {
  const format = useFormatter();
  const first = startOfDay(range.days.at(0) ?? range.date, timeZone);
  const last = startOfDay(range.days.at(-1) ?? range.date, timeZone);
  if (range.days.length === 1) {
    return format.dateTime(first, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  }
  return format.dateTimeRange(first, last, { day: "numeric", month: "long", year: "numeric" });
}

function ViewSwitch({ range }: { range: ViewRange }) {
  const t = useTranslations("calendar.toolbar");
  return (
    <nav aria-label={t("views")} className="ml-auto flex rounded-control border bg-sunken p-0.5">
      {VIEWS.map((view) => (
        <Link
          aria-current={view === range.view ? "page" : undefined}
          className={cn(
            "rounded-md px-3 py-1 text-sm font-medium text-ink-muted hover:text-ink",
            view === range.view && "bg-surface text-ink shadow-card",
            // A phone shows every week as a list; who came by that address sees which one they are in.
            view === "list" && range.view !== "list" && "hidden lg:block",
          )}
          href={calendarHref(view, range.date)}
          key={view}
          scroll={false}
        >
          {t(`view.${view}`)}
        </Link>
      ))}
    </nav>
  );
}
