import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { readListOrFirst } from "@/app/_components/read-list";
import { requireCtx } from "@/app/_session/gate";
import { readDeadConnections, readStoppedSchedule } from "@/app/(dashboard)/banner-facts";
import { InstallationCard } from "@/app/(dashboard)/notifications/_components/installation-card";
import { NotificationsView } from "@/app/(dashboard)/notifications/_components/notifications-view";
import { MAX_LIMIT } from "@/lib/platform/page";
import { lastReadAt, listNotifications } from "@/lib/reporting/notices";
import { readSchedule } from "@/lib/reporting/schedule-state";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("notifications");
  return { title: t("title") };
}

const PAGE = 30;

interface NotificationsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function NotificationsPage({ searchParams }: NotificationsPageProps) {
  const [ctx, locale, { cursor }] = await Promise.all([requireCtx(), getLocale(), searchParams]);
  const [open, over, checkedAt, dead, stopped, jobs] = await Promise.all([
    listNotifications(ctx, { state: "open", locale }, { limit: MAX_LIMIT, cursor: null }),
    readListOrFirst(cursor, (from) =>
      listNotifications(ctx, { state: "over", locale }, { limit: PAGE, cursor: from }),
    ),
    lastReadAt(ctx),
    readDeadConnections(),
    readStoppedSchedule(),
    readSchedule(ctx),
  ]);
  const told = (about: string) => open.data.some(({ subject }) => subject.id === about);
  const connectionsTold = dead.every(({ id }) => told(id));
  const scheduleTold = stopped === null || told("stopped:sync-tick");
  const toldHere = [...(connectionsTold ? ["connections"] : []), ...(scheduleTold ? ["schedule"] : [])];
  return (
    <div data-told-here={toldHere.join(" ")}>
      <NotificationsView
        bannerSpeaks={!(connectionsTold && scheduleTold)}
        checkedAt={checkedAt}
        nextCursor={over.nextCursor}
        open={open.data}
        over={over.data}
      />
      {jobs !== null && <InstallationCard jobs={jobs} />}
    </div>
  );
}
