import { ArrowLeft, ArrowRight, CalendarX2, ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/app/_components/empty-state";
import type { DayPage, DaySlot, SlotDay } from "@/app/_components/public/slot-days";
import { useTimeWords } from "@/app/_components/public/use-time-words";
import { Button } from "@/app/_components/ui/button";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

interface SlotListProps {
  page: DayPage;
  zone: TimeZoneId;
  /** Where choosing a slot leads. */
  slotHref: (start: string) => string;
  /** The page of days that begins at a date; null: the next free ones. */
  pageHref: (from: string | null) => string;
  /** Not the first page. */
  isLater: boolean;
}

/** The next free days. The first is open, and its first time is one step away. */
export function SlotList({ page, zone, slotHref, pageHref, isLater }: SlotListProps) {
  const t = useTranslations("publicBooking.slots");
  const words = useTimeWords(zone);
  const [first] = page.days;
  const soonest = first?.slots[0];
  if (first === undefined || soonest === undefined) {
    return (
      <EmptyState
        action={
          isLater ? (
            <a className={LINK} href={pageHref(null)}>
              {t("first")}
            </a>
          ) : undefined
        }
        icon={CalendarX2}
        title={t(isLater ? "noneLater.title" : "none.title")}
      >
        <p>{t(isLater ? "noneLater.body" : "none.body")}</p>
      </EmptyState>
    );
  }
  const at = new Date(soonest.start);
  return (
    <div className="space-y-4">
      {!isLater && (
        <Button
          asChild
          className="h-auto min-h-12 w-full whitespace-normal py-2.5"
          size="lg"
          variant="primary"
        >
          <a href={slotHref(soonest.start)}>{t("next", { when: `${words.day(at)}, ${words.time(at)}` })}</a>
        </Button>
      )}
      <div className="overflow-hidden rounded-card border bg-surface shadow-card">
        {page.days.map((day, index) => (
          <Day day={day} key={day.date} open={index === 0} slotHref={slotHref} zone={zone} />
        ))}
      </div>
      <nav aria-label={t("pages")} className="flex flex-wrap justify-between gap-3">
        {isLater && (
          <a className={LINK} href={pageHref(null)}>
            <ArrowLeft aria-hidden className="size-4" />
            {t("first")}
          </a>
        )}
        {page.next !== null && (
          <a className={`${LINK} ml-auto`} href={pageHref(page.next)}>
            {t("more")}
            <ArrowRight aria-hidden className="size-4" />
          </a>
        )}
      </nav>
    </div>
  );
}

const LINK =
  "inline-flex h-11 items-center gap-2 rounded-control px-3 text-sm font-medium text-brand hover:bg-brand-soft";

interface DayProps {
  day: SlotDay;
  zone: TimeZoneId;
  open: boolean;
  slotHref: (start: string) => string;
}

function Day({ day, zone, open, slotHref }: DayProps) {
  const t = useTranslations("publicBooking.slots");
  const words = useTimeWords(zone);
  const name = words.day(day.at);
  return (
    <details className="group not-first:border-t" open={open}>
      <summary className="flex min-h-14 items-center gap-3 px-4 py-3 hover:bg-sunken sm:px-6">
        <h3 className="flex-1 text-base font-semibold first-letter:uppercase">{name}</h3>
        <span className="text-sm text-ink-muted">{t("count", { count: day.slots.length })}</span>
        <ChevronDown
          aria-hidden
          className="size-4 shrink-0 text-ink-muted transition-transform group-open:rotate-180"
        />
      </summary>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(6rem,1fr))] gap-2 px-4 pt-1 pb-5 sm:px-6">
        {day.slots.map((slot) => (
          <li className={slot.comesTwice ? "col-span-2" : undefined} key={slot.start}>
            <SlotLink day={name} href={slotHref(slot.start)} slot={slot} time={words.time} />
          </li>
        ))}
      </ul>
    </details>
  );
}

interface SlotLinkProps {
  day: string;
  slot: DaySlot;
  href: string;
  time: (at: Date) => string;
}

function SlotLink({ day, slot, href, time }: SlotLinkProps) {
  return (
    <a
      className="flex h-11 items-center justify-center rounded-control border border-line-strong/60 bg-surface text-sm font-medium tabular-nums transition-colors hover:border-brand hover:bg-brand-soft hover:text-brand-ink"
      href={href}
    >
      <span className="sr-only">{day}, </span>
      {time(new Date(slot.start))}
    </a>
  );
}
