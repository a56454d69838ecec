export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Wall-clock times `HH:MM`; `to` may be `24:00`. */
export interface HoursRange {
  from: string;
  to: string;
}

/** Hours of one date instead of its weekday's; no ranges: a day off. */
export interface HoursException {
  date: string;
  ranges: HoursRange[];
}

export interface Hours {
  timeZone: string;
  weekly: Record<Weekday, HoursRange[]>;
  exceptions: HoursException[];
}

export type RangesFault = "incomplete" | "order" | "overlap";
export type ExceptionFault = RangesFault | "date" | "twice";

/** What is wrong, by the place it is shown at: a weekday, or the number of an exception. */
export type HoursFaults = Partial<Record<Weekday, RangesFault>> & Record<number, ExceptionFault>;

const USUAL: HoursRange = { from: "09:00", to: "17:00" };
const MIDNIGHT = "24:00";
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** With one range more: two hours, an hour after the last one; the usual day where there is none. */
export function withOneMore(ranges: readonly HoursRange[]): HoursRange[] {
  const last = ranges.at(-1);
  if (last === undefined) return [USUAL];
  const from = Math.min(minutesOf(last.to) + 60, 23 * 60);
  return [...ranges, { from: timeOf(from), to: timeOf(Math.min(from + 120, 24 * 60)) }];
}

/** The end of a range as a time field shows it, which knows no 24:00; and back. */
export const shownEnd = (to: string) => (to === MIDNIGHT ? "00:00" : to);
export const endFromShown = (shown: string) => (shown === "00:00" ? MIDNIGHT : shown);

/** The same hours on other days of the week. */
export function copyDay(weekly: Hours["weekly"], from: Weekday, to: readonly Weekday[]): Hours["weekly"] {
  return { ...weekly, ...Object.fromEntries(to.map((day) => [day, weekly[from]])) };
}

export function faultsOf(hours: Hours): HoursFaults {
  const faults: HoursFaults = {};
  for (const day of WEEKDAYS) {
    const fault = rangesFault(hours.weekly[day]);
    if (fault !== null) faults[day] = fault;
  }
  hours.exceptions.forEach(({ date, ranges }, index) => {
    const twice = hours.exceptions.findIndex((other) => other.date === date) < index;
    const fault = !DATE.test(date) ? "date" : twice ? "twice" : rangesFault(ranges);
    if (fault !== null) faults[index] = fault;
  });
  return faults;
}

function rangesFault(ranges: readonly HoursRange[]): RangesFault | null {
  if (ranges.some(({ from, to }) => !TIME.test(from) || !(TIME.test(to) || to === MIDNIGHT))) {
    return "incomplete";
  }
  // Times of this form sort as text.
  if (ranges.some(({ from, to }) => from >= to)) return "order";
  const sorted = ranges.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  return sorted.some(({ to }, index) => to > (sorted[index + 1]?.from ?? MIDNIGHT)) ? "overlap" : null;
}

/** Ranges in order of time, exceptions by date: as they are stored. */
export function inOrder(hours: Hours): Hours {
  // Built anew, so that two that are equal are also written alike.
  const sorted = (ranges: HoursRange[]) =>
    ranges.map(({ from, to }) => ({ from, to })).toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const weekly = Object.fromEntries(WEEKDAYS.map((day) => [day, sorted(hours.weekly[day])]));
  return {
    timeZone: hours.timeZone,
    weekly: weekly as Hours["weekly"],
    exceptions: hours.exceptions
      .map(({ date, ranges }) => ({ date, ranges: sorted(ranges) }))
      .toSorted((a, b) => (a.date < b.date ? -1 : 1)),
  };
}

export function sameHours(a: Hours, b: Hours): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

/** The first date from `from` on that has no exception yet. */
export function nextFreeDate(exceptions: readonly HoursException[], from: string): string {
  const taken = new Set(exceptions.map(({ date }) => date));
  let day = Date.parse(`${from}T00:00:00Z`);
  const iso = () => new Date(day).toISOString().slice(0, 10);
  while (taken.has(iso())) day += 86_400_000;
  return iso();
}

/** A refusal's fields, as places of the form: `weekly.mon.0.to` is Monday, `exceptions.2.date` the third exception. */
export function faultsNamed(paths: readonly string[]): HoursFaults {
  const faults: HoursFaults = {};
  for (const path of paths) {
    const [part, place = ""] = path.split(".");
    const day = WEEKDAYS.find((one) => one === place);
    if (part === "weekly" && day !== undefined) faults[day] = "order";
    if (part === "exceptions" && /^\d+$/.test(place)) faults[Number(place)] = "date";
  }
  return faults;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

function timeOf(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
