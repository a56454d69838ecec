import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { BulkChangeNotices } from "@/app/_components/shell/bulk-change-notices";
import { requireCtx, requireSession } from "@/app/_session/gate";
import { CalendarView } from "@/app/(dashboard)/calendar/_components/calendar-view";
import { planView } from "@/app/(dashboard)/calendar/_layout/plan";
import { viewRange } from "@/app/(dashboard)/calendar/_layout/view-range";
import { readEntries, readUpcoming } from "@/app/(dashboard)/calendar/read-entries";
import { readWhy } from "@/app/(dashboard)/calendar/read-why";
import { readingState } from "@/app/(dashboard)/calendar/reading-state";
import { parseWhy } from "@/app/(dashboard)/calendar/why-wish";
import { runtime } from "@/inngest/runtime";
import { startOfDay } from "@/lib/calendar/event-time";
import { addDays } from "@/lib/calendar/iso-date";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { listConnections } from "@/lib/connections/queries";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("calendar");
  return { title: t("title") };
}

const UPCOMING = 10;

interface CalendarPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function CalendarPage({ searchParams }: CalendarPageProps) {
  const { user } = await requireSession();
  const ctx = await requireCtx();
  const given = await searchParams;
  const zone = parseTimeZone(user.timeZone) ?? UTC;
  const range = viewRange({ date: one(given.date), view: one(given.view) }, ctx.now, zone);
  const span = {
    from: startOfDay(range.days[0] ?? range.date, zone),
    to: startOfDay(addDays(range.days.at(-1) ?? range.date, 1), zone),
  };
  const connections = await listConnections(runtime().services, ctx);
  const wish = parseWhy({
    why: one(given.why),
    from: one(given.from),
    to: one(given.to),
    service: one(given.service),
  });
  const [{ entries, more }, upcoming, why] = await Promise.all([
    readEntries(ctx, span, connections),
    readUpcoming(ctx, UPCOMING, connections),
    wish === null ? null : readWhy(ctx, wish, zone, connections),
  ]);
  return (
    <>
      <BulkChangeNotices />
      <CalendarView
        more={more ? (entries.at(-1)?.start ?? null) : null}
        now={ctx.now}
        plan={planView(entries, range.days, zone)}
        range={range}
        reading={readingState(connections, span, ctx.now)}
        timeZone={zone}
        upcoming={upcoming}
        why={why}
      />
    </>
  );
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
