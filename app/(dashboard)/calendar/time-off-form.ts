import { z } from "zod";
import type { createTimeOff } from "@/lib/bookings/time-off";
import { addDays, type IsoDate, parseIsoDate } from "@/lib/calendar/iso-date";
import { instantOfLocal } from "@/lib/calendar/local-time";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { isNearEnough } from "@/lib/platform/instant-field";

const day = z
  .string()
  .refine(isNearEnough)
  .transform((text, context): IsoDate => {
    const date = parseIsoDate(text);
    if (date !== null) return date;
    context.addIssue({ code: "custom", message: "is no day" });
    return z.NEVER;
  });
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** Time off as a person enters it: days and times of their own clock, the last day included. */
export const timeOffForm = z.discriminatedUnion("allDay", [
  z.object({ allDay: z.literal(true), title: z.string().max(200), startDate: day, endDate: day }),
  z.object({
    allDay: z.literal(false),
    title: z.string().max(200),
    startDate: day,
    endDate: day,
    startTime: time,
    endTime: time,
  }),
]);

type TimeOffForm = z.infer<typeof timeOffForm>;

/** Readings that are skipped or come twice are taken so that more time is blocked rather than less. */
export function toTimeOff(form: TimeOffForm, zone: TimeZoneId): Parameters<typeof createTimeOff>[1] {
  const { title, startDate, endDate } = form;
  if (form.allDay) return { title, allDay: true, startDate, endDate: addDays(endDate, 1) };
  return {
    title,
    start: instantOfLocal(startDate, form.startTime, zone, "earlier").toISOString(),
    end: instantOfLocal(endDate, form.endTime, zone, "later").toISOString(),
  };
}
