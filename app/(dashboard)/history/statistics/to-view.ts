import type {
  FiguresView,
  StatisticsView,
} from "@/app/(dashboard)/history/statistics/_components/statistics-view-model";
import { startOfDay } from "@/lib/calendar/event-time";
import type { RunStatistics, Statistics } from "@/lib/reporting/statistics";

/** A person asks what came in and what went out; new, changed and removed events all came in. */
export function toStatisticsView({ byDay, timeZone, ...total }: Statistics): StatisticsView {
  return {
    total: toFigures(total),
    days: byDay.map((day) => ({
      date: day.date,
      startsAt: startOfDay(day.date, timeZone),
      ...toFigures(day),
    })),
  };
}

function toFigures({ imported, updated, removed, exported, delays, ...counts }: RunStatistics): FiguresView {
  const { runs, succeeded, failed, successRate } = counts;
  return {
    runs,
    succeeded,
    failed,
    successRate,
    eventsIn: imported + updated + removed,
    eventsOut: exported,
    delayP50Ms: delays.p50Ms,
    delayP95Ms: delays.p95Ms,
  };
}
