import { expect, it } from "vitest";
import { daysNear, offerOf } from "@/app/(dashboard)/bookings/slot-offer";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const asked = {
  day: "",
  first: "2026-11-30" as IsoDate,
  last: "2026-12-30" as IsoDate,
  zone: "Europe/Paris" as TimeZoneId,
};
const slots = ["2026-12-01T08:00:00Z", "2026-12-01T23:30:00Z", "2026-12-02T10:00:00Z"].map((start) => ({
  start,
  end: start,
}));

it("shows the first free day unless another one is asked for", () => {
  expect(offerOf(slots, asked)).toMatchObject({
    days: [
      { day: "2026-12-01", count: 1 },
      { day: "2026-12-02", count: 2 },
    ],
    day: "2026-12-01",
    slots: [slots[0]],
  });
  expect(offerOf(slots, { ...asked, day: "2026-12-02" }).slots).toEqual(slots.slice(1));
  expect(offerOf(slots, { ...asked, day: "2026-12-05" })).toMatchObject({ day: "2026-12-05", slots: [] });
  expect(offerOf([], { ...asked, day: "never" })).toMatchObject({ day: null, slots: [] });
});

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
