import type { StoredHours, Weekday } from "@/db/schema/bookings";

const OFFICE: StoredHours[] = [{ from: "09:00", to: "17:00" }];

/** The hours of somebody who has not chosen any. */
export const USUAL_WEEK: Record<Weekday, StoredHours[]> = {
  mon: OFFICE,
  tue: OFFICE,
  wed: OFFICE,
  thu: OFFICE,
  fri: OFFICE,
  sat: [],
  sun: [],
};
