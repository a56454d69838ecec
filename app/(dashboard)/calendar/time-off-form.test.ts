import { expect, it } from "vitest";
import { timeOffForm, toTimeOff } from "@/app/(dashboard)/calendar/time-off-form";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const PARIS = "Europe/Paris" as TimeZoneId;

it("includes the last day a person names", () => {
  const form = {
    allDay: true as const,
    title: "Holiday",
    startDate: "2026-12-24",
    endDate: "2026-12-26",
  };
  expect(toTimeOff(timeOffForm.parse(form), PARIS)).toEqual({ ...form, endDate: "2026-12-27" });
});

it("reads times on the person's clock, and a repeated hour as the longer time", () => {
  const form = {
    allDay: false as const,
    title: "",
    startDate: "2026-10-25",
    endDate: "2026-10-25",
    startTime: "02:15",
    endTime: "02:45",
  };
  expect(toTimeOff(timeOffForm.parse(form), PARIS)).toEqual({
    title: "",
    start: "2026-10-25T00:15:00.000Z",
    end: "2026-10-25T01:45:00.000Z",
  });
});

it("refuses days and times that do not exist", () => {
  const faults = timeOffForm.safeParse({
    allDay: false,
    title: "",
    startDate: "2026-02-30",
    endDate: "2026-03-01",
    startTime: "24:00",
    endTime: "09:00",
  });
  expect(faults.error?.issues.map(({ path }) => path.join("."))).toEqual(
    expect.arrayContaining(["startDate", "startTime"]),
  );
});
