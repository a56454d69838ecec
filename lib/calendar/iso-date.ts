/** A calendar day of the Gregorian calendar, `YYYY-MM-DD`, years 0001 to 9999; it has no zone. */
export type IsoDate = string & { readonly __brand: "IsoDate" };

const DAY_MS = 86_400_000;
const PATTERN = /^(?!0000)\d{4}-\d{2}-\d{2}$/;

function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

function fromDayNumber(day: number): IsoDate {
  const text = new Date(day * DAY_MS).toISOString().slice(0, 10);
  if (!PATTERN.test(text)) throw new RangeError("the day lies outside the years 0001 to 9999");
  return text as IsoDate;
}

/** The day a text names, or null: `2026-02-30`, `2026-2-3` and `2026-02-03T00:00:00Z` name none. */
export function parseIsoDate(input: unknown): IsoDate | null {
  return isIsoDate(input) ? input : null;
}

export function isIsoDate(input: unknown): input is IsoDate {
  if (typeof input !== "string" || !PATTERN.test(input)) return false;
  const day = dayNumber(input);
  // Date.parse rolls February 30 over into March in some engines, so the text must survive the round trip.
  return Number.isFinite(day) && fromDayNumber(day) === input;
}

/** Throws RangeError past the years 0001 to 9999. */
export function addDays(date: IsoDate, days: number): IsoDate {
  return fromDayNumber(dayNumber(date) + days);
}

/** Negative when `a` is the earlier day, 0 when both are the same. */
export function compareDates(a: IsoDate, b: IsoDate): number {
  return daysBetween(b, a);
}

/** Whole days from `from` to `to`; negative when `to` is the earlier one. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return dayNumber(to) - dayNumber(from);
}
