import { expect, it } from "vitest";
import { daysNear } from "@/app/(dashboard)/bookings/days-near";

it("offers free days from the chosen one on, and the last ones at the end", () => {
  const days = Array.from({ length: 10 }, (_, at) => ({ day: `2026-12-${String(at + 10)}` }));
  expect(daysNear(days, "2026-12-12").map(({ day }) => day.slice(8))).toEqual([
    "12",
    "13",
    "14",
    "15",
    "16",
    "17",
  ]);
  expect(daysNear(days, "2026-12-19")[0]).toEqual({ day: "2026-12-14" });
  expect(daysNear(days, "2027-01-01").at(-1)).toEqual({ day: "2026-12-19" });
  expect(daysNear(days, null)[0]).toEqual({ day: "2026-12-10" });
  expect(daysNear([], "2026-12-12")).toEqual([]);
});
