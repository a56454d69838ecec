import { z } from "zod";
import type { StoredHours } from "@/db/schema/bookings";
import { parseIsoDate } from "@/lib/calendar/iso-date";
import { timeZoneField } from "@/lib/organizations/users";
import { isNearEnough } from "@/lib/platform/instant-field";

const MOST_RANGES = 12;
const MOST_EXCEPTIONS = 400;

const range = z
  .strictObject({
    from: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: "must be a time, HH:MM", abort: true }),
    to: z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, {
      error: "must be a time, HH:MM, or 24:00",
      abort: true,
    }),
  })
  .refine(({ from, to }) => from < to, { path: ["to"], message: "must lie after `from`" });

/** The ranges of one day, in order of time. Those that touch are fine, those that overlap a slip. */
const ranges = z
  .array(range)
  .max(MOST_RANGES)
  .check(({ value, issues }) => {
    for (const index of overlapping(value)) {
      issues.push({ code: "custom", path: [index, "from"], message: "overlaps another range", input: value });
    }
  })
  .transform((given) => given.toSorted(byStart));

const day = ranges.default([]);
const week = z.strictObject({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day });

const date = z
  .string()
  .refine((value) => parseIsoDate(value) !== null, "must be a day, YYYY-MM-DD")
  .refine(isNearEnough, "lies too far away")
  .meta({ format: "date" });

const exceptions = z
  .array(z.strictObject({ date, ranges }))
  .max(MOST_EXCEPTIONS)
  .check(({ value, issues }) => {
    const seen = new Set<string>();
    for (const [index, { date }] of value.entries()) {
      if (seen.has(date))
        issues.push({ code: "custom", path: [index, "date"], message: "is there twice", input: date });
      seen.add(date);
    }
  })
  .transform((given) => given.toSorted((a, b) => (a.date < b.date ? -1 : 1)));

/** What is given replaces what was; a day that the week does not name is a day off. */
export const workingHoursInput = z
  .strictObject({
    timeZone: timeZoneField.meta({ description: "IANA; yours everywhere, not of these hours alone" }),
    weekly: week,
    exceptions,
  })
  .partial();

export type WorkingHoursInput = z.input<typeof workingHoursInput>;

/** Indices of ranges that begin before an earlier one ends. */
function overlapping(given: readonly StoredHours[]): number[] {
  const inOrder = given.map((one, index) => ({ ...one, index })).sort(byStart);
  let end = "";
  return inOrder.flatMap(({ from, to, index }) => {
    const collides = from < end;
    if (to > end) end = to;
    return collides ? [index] : [];
  });
}

function byStart(a: StoredHours, b: StoredHours): number {
  return a.from < b.from ? -1 : a.from > b.from ? 1 : 0;
}
