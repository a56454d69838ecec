import { expect, it } from "vitest";
import { offerOf } from "@/app/(dashboard)/bookings/slot-offer";
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
