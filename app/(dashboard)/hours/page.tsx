import { CalendarOff } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Link } from "@/app/_components/link";
import { PageHeader } from "@/app/_components/page-header";
import { timeZoneGroups } from "@/app/_components/time-zones";
import { Button } from "@/app/_components/ui/button";
import { requireCtx } from "@/app/_session/gate";
import { HoursForm } from "@/app/(dashboard)/hours/_components/hours-form";
import { getWorkingHours } from "@/lib/bookings/working-hours";
import { dayOf } from "@/lib/calendar/event-time";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("hours");
  return { title: t("title") };
}

export default async function HoursPage() {
  const ctx = await requireCtx();
  const [t, hours] = await Promise.all([getTranslations("hours"), getWorkingHours(ctx)]);
  return (
    <div className="max-w-3xl">
      <PageHeader
        actions={
          <Button asChild>
            <Link href="/calendar">
              <CalendarOff aria-hidden />
              {t("timeOff")}
            </Link>
          </Button>
        }
        description={t("description")}
        title={t("title")}
      />
      <HoursForm
        saved={hours}
        today={dayOf(ctx.now, parseTimeZone(hours.timeZone) ?? UTC)}
        zones={timeZoneGroups(hours.timeZone)}
      />
    </div>
  );
}
