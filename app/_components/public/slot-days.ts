import { dayClock, wallMinute } from "@/lib/calendar/day-clock";
import { dayOf, startOfDay } from "@/lib/calendar/event-time";
import { addDays, type IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

export interface Slot {
  start: string;
  end: string;
}

export interface SlotDay {
  date: IsoDate;
  /** Any instant of the day, to name it by. */
  at: Date;
  slots: DaySlot[];
}

export interface DaySlot extends Slot {
  /** The clock shows this time twice on this day, so its offset must be told. */
  comesTwice: boolean;
}

/** Slots in order of time, by the day they begin on in a zone. Days without one are left out. */
export function slotsByDay(slots: readonly Slot[], zone: TimeZoneId): SlotDay[] {
  const days: SlotDay[] = [];
  for (const slot of slots) {
    const at = new Date(slot.start);
    let day = days.at(-1);
    if (day === undefined || at >= startOfDay(addDays(day.date, 1), zone)) {
      day = { date: dayOf(at, zone), at, slots: [] };
      days.push(day);
    }
    day.slots.push({ ...slot, comesTwice: comesTwice(at, zone) });
  }
  return days;
}

/** Whether the wall clock of the zone shows an instant's time at another instant of the same day too. */
export function comesTwice(at: Date, zone: TimeZoneId): boolean {
  const clock = dayClock(dayOf(at, zone), zone);
  const { minute } = wallMinute(clock, at);
  return clock.repeats.some(({ until, length }) => until - length <= minute && minute < until);
}

export interface DayPage {
  days: SlotDay[];
  /** The first day of the next page; null when this is the last one. */
  next: IsoDate | null;
}

/** So many free days from a day on. */
export function pageOfDays(days: readonly SlotDay[], from: IsoDate | null, count: number): DayPage {
  const ahead = from === null ? days : days.filter((day) => day.date >= from);
  return { days: ahead.slice(0, count), next: ahead[count]?.date ?? null };
}
