import { expect, it } from "vitest";
import { byDay } from "@/app/(dashboard)/bookings/by-day";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

it("puts things under the day they start on, in the person's zone", () => {
  const [late, night, noon] = ["2026-11-30T22:30:00Z", "2026-11-30T23:30:00Z", "2026-12-01T11:00:00Z"].map(
    (start) => ({ start }),
  );
  expect(
    byDay(
      [late, night, noon].flatMap((one) => one ?? []),
      "Europe/Paris" as TimeZoneId,
    ),
  ).toEqual([
    { day: "2026-11-30", things: [late] },
    { day: "2026-12-01", things: [night, noon] },
  ]);
});
