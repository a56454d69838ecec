import { expect, it } from "vitest";
import type { IsoDate } from "@/lib/calendar/iso-date";
import { instantOfLocal } from "@/lib/calendar/local-time";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const PARIS = "Europe/Paris" as TimeZoneId;
const at = (date: string, time: string, which: "earlier" | "later") =>
  instantOfLocal(date as IsoDate, time, PARIS, which).toISOString();

it("reads an ordinary time", () => {
  expect(at("2026-11-24", "09:30", "earlier")).toBe("2026-11-24T08:30:00.000Z");
  expect(at("2026-11-24", "09:30", "later")).toBe("2026-11-24T08:30:00.000Z");
});

it("tells the two moments of a repeated time apart", () => {
  expect(at("2026-10-25", "02:30", "earlier")).toBe("2026-10-25T00:30:00.000Z");
  expect(at("2026-10-25", "02:30", "later")).toBe("2026-10-25T01:30:00.000Z");
});

it("goes to either side of a skipped time", () => {
  expect(at("2027-03-28", "02:30", "earlier")).toBe("2027-03-28T00:30:00.000Z");
  expect(at("2027-03-28", "02:30", "later")).toBe("2027-03-28T01:30:00.000Z");
});
