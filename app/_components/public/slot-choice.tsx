import { CalendarClock, Info } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/app/_components/empty-state";
import { addressOf } from "@/app/_components/public/address";
import { DeviceZone } from "@/app/_components/public/device-zone";
import { pageOfDays, type Slot, slotsByDay } from "@/app/_components/public/slot-days";
import { SlotList } from "@/app/_components/public/slot-list";
import type { Visit } from "@/app/_components/public/visit";
import { ZoneChoice } from "@/app/_components/public/zone-choice";
import { Alert } from "@/app/_components/ui/alert";

/** So many days are listed at a time. */
const DAYS = 5;

interface SlotChoiceProps {
  slots: readonly Slot[];
  /** A calendar is still being read for the first time, so nothing is offered yet. */
  ready: boolean;
  visit: Visit;
  path: string;
  provider: { name: string; timeZone: string };
  /** What is said when nothing is chosen yet. */
  title?: string;
}

/** Where a client finds a time, in whichever zone they read it. */
export function SlotChoice({ slots, ready, visit, path, provider, title }: SlotChoiceProps) {
  const t = useTranslations("publicBooking");
  const page = pageOfDays(slotsByDay(slots, visit.zone), visit.from, DAYS);
  const { zone } = visit.query;
  const first = page.days[0];
  return (
    <section aria-labelledby="choose" className="min-w-0 space-y-4">
      <DeviceZone visit={visit} />
      <h2 className="text-lg font-semibold" id="choose">
        {title ?? t("slots.title")}
      </h2>
      {visit.start !== null && (
        <Alert icon={Info} role="status" title={t("gone.title")} tone="warning">
          <p>{t("gone.body")}</p>
        </Alert>
      )}
      {ready ? (
        <>
          {first !== undefined && <ZoneChoice at={first.at} path={path} provider={provider} visit={visit} />}
          <SlotList
            isLater={visit.from !== null}
            page={page}
            pageHref={(from) => addressOf(path, { zone, from })}
            slotHref={(start) => addressOf(path, { zone, from: visit.from, start })}
            zone={visit.zone}
          />
        </>
      ) : (
        <EmptyState icon={CalendarClock} title={t("slots.notReady.title")}>
          <p>{t("slots.notReady.body", { name: provider.name })}</p>
        </EmptyState>
      )}
    </section>
  );
}
