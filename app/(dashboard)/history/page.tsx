import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { firstValue, readListOrFirst } from "@/app/_components/read-list";
import { requireCtx, requireSession } from "@/app/_session/gate";
import { HistoryView } from "@/app/(dashboard)/history/_components/history-view";
import {
  RUN_STATUSES,
  RUN_TRIGGERS,
  type RunFilters,
  type RunStatus,
  type RunTrigger,
} from "@/app/(dashboard)/history/_components/run-view";
import { calendarChoices, toRunView } from "@/app/(dashboard)/history/to-view";
import { runtime } from "@/inngest/runtime";
import { dayRange } from "@/lib/calendar/event-time";
import { addDays, type IsoDate, parseIsoDate } from "@/lib/calendar/iso-date";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { listConnections } from "@/lib/connections/queries";
import { isId } from "@/lib/platform/ids";
import { listRuns } from "@/lib/reporting/history";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("history");
  return { title: t("title") };
}

const PAGE = 30;

interface HistoryPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function HistoryPage({ searchParams }: HistoryPageProps) {
  const { user } = await requireSession();
  const ctx = await requireCtx();
  const given = await searchParams;
  const filters = readFilters(given);
  const zone = parseTimeZone(user.timeZone) ?? UTC;
  const at = (day: IsoDate | null) =>
    day === null ? undefined : dayRange(day, day, zone).start.toISOString();
  const until = parseIsoDate(filters.to);
  const wanted = {
    status: filters.status || undefined,
    trigger: filters.trigger || undefined,
    calendarId: filters.calendarId || undefined,
    from: at(parseIsoDate(filters.from)),
    to: at(until === null ? null : addDays(until, 1)),
  };
  const list = (cursor: string | null) => listRuns(ctx, wanted, { limit: PAGE, cursor });
  const [page, connections] = await Promise.all([
    readListOrFirst(given.cursor, list),
    listConnections(runtime().services, ctx),
  ]);
  return (
    <HistoryView
      calendars={calendarChoices(connections)}
      filters={filters}
      nextCursor={page.nextCursor}
      runs={page.data.map((entry) => toRunView(entry, connections))}
      timeZone={zone}
    />
  );
}

/** What does not fit is no filter: an address typed by hand shows a list, not an error. */
function readFilters(given: Record<string, string | string[] | undefined>): RunFilters {
  const status = firstValue(given.status);
  const trigger = firstValue(given.trigger);
  const calendarId = firstValue(given.calendarId);
  return {
    status: RUN_STATUSES.some((known) => known === status) ? (status as RunStatus) : "",
    trigger: RUN_TRIGGERS.some((known) => known === trigger) ? (trigger as RunTrigger) : "",
    calendarId: isId(calendarId) ? calendarId : "",
    from: parseIsoDate(firstValue(given.from)) ?? "",
    to: parseIsoDate(firstValue(given.to)) ?? "",
  };
}
