import { z } from "zod";
import { idParams, listQuery } from "@/app/_session/api-list";
import { booking, bookingStatus } from "@/app/api/v1/_operations/booking-schema";
import { checkRange, listOf, rangeFields } from "@/app/api/v1/_operations/fields";
import { operation } from "@/app/api/v1/_operations/operation";
import { bookingChange, bookingInput, cancellationInput } from "@/lib/bookings/booking-input";

const tag = "Bookings";

/** Why a time cannot be taken, whatever else is right. */
const TAKEN = ["slot_unavailable", "calendar_not_ready", "range_too_far"] as const;

export const listOwnBookings = operation({
  id: "listBookings",
  method: "GET",
  path: "/bookings",
  tag,
  summary: "Bookings in order of time, cancelled ones among them; with a range, those that overlap it.",
  scope: "read",
  query: z.object({ ...listQuery.shape, ...rangeFields, status: bookingStatus.optional() }).check(checkRange),
  answer: listOf(booking),
});

export const makeBooking = operation({
  id: "createBooking",
  method: "POST",
  path: "/bookings",
  tag,
  summary:
    "Books a slot of one of your services. A taken one answers `slot_unavailable` with the nearest free `slots`.",
  scope: "write",
  body: bookingInput,
  status: 201,
  creates: true,
  answer: booking,
  refusals: ["not_found", ...TAKEN],
});

export const readOneBooking = operation({
  id: "getBooking",
  method: "GET",
  path: "/bookings/{id}",
  tag,
  summary: "One booking, with its events in the outside calendars.",
  scope: "read",
  params: idParams,
  answer: booking,
});

export const editBooking = operation({
  id: "changeBooking",
  method: "PATCH",
  path: "/bookings/{id}",
  tag,
  summary:
    "Moves a booking (`start`) or edits what is given. With `version`, only if nobody changed it since.",
  scope: "write",
  params: idParams,
  body: bookingChange,
  answer: booking,
  refusals: ["conflict", "version_conflict", ...TAKEN],
});

export const endBooking = operation({
  id: "cancelBooking",
  method: "DELETE",
  path: "/bookings/{id}",
  tag,
  summary: "Cancels a booking that is not over; the client is told. Cancelling it again changes nothing.",
  scope: "write",
  params: idParams,
  body: cancellationInput.default({}),
  answer: booking,
  refusals: ["conflict"],
});

export const exportBooking = operation({
  id: "exportBooking",
  method: "POST",
  path: "/bookings/{id}/export",
  tag,
  summary: "Writes a booking to the calendars again, over whatever was done to its events there.",
  scope: "write",
  params: idParams,
  status: 202,
  creates: true,
  answer: booking,
});
