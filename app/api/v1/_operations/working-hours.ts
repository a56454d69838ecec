import { z } from "zod";
import { operation } from "@/app/api/v1/_operations/operation";
import { workingHoursInput } from "@/lib/bookings/working-hours-input";

const tag = "Availability";

const ranges = z.array(
  z.strictObject({ from: z.string().describe("HH:MM"), to: z.string().describe("HH:MM, at most 24:00") }),
);

const hours = z
  .strictObject({
    timeZone: z.string().describe("IANA; the one of `/me`"),
    weekly: z.strictObject({
      mon: ranges,
      tue: ranges,
      wed: ranges,
      thu: ranges,
      fri: ranges,
      sat: ranges,
      sun: ranges,
    }),
    exceptions: z
      .array(z.strictObject({ date: z.iso.date(), ranges }))
      .describe("Days that are otherwise; without ranges, days off"),
  })
  .meta({ id: "WorkingHours" });

export const readHours = operation({
  id: "getWorkingHours",
  method: "GET",
  path: "/working-hours",
  tag,
  summary: "When you work, by the wall clock of your zone. Before you choose: weekdays from 09:00 to 17:00.",
  scope: "read",
  answer: hours,
});

export const replaceHours = operation({
  id: "putWorkingHours",
  method: "PUT",
  path: "/working-hours",
  tag,
  summary:
    "Replaces what is given: the zone, the whole week (days not named are off), all exceptions. Bookings stay where they are.",
  scope: "write",
  body: workingHoursInput,
  answer: hours,
});
