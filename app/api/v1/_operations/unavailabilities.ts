import { z } from "zod";
import { idParams, listQuery } from "@/app/_session/api-list";
import { checkRange, instantOut, listOf, rangeFields } from "@/app/api/v1/_operations/fields";
import { operation } from "@/app/api/v1/_operations/operation";
import { TimeOffInput } from "@/lib/bookings/time-off";

const tag = "Unavailability";

const unavailability = z
  .strictObject({
    id: z.uuid(),
    start: instantOut,
    end: instantOut,
    allDay: z.boolean(),
    source: z.enum(["external", "manual"]),
    title: z.string().nullable(),
    integrationId: z.uuid().nullable(),
    calendarId: z.uuid().nullable(),
    externalEventId: z.string().nullable(),
  })
  .meta({ id: "Unavailability" });

export const listBlocked = operation({
  id: "listUnavailabilities",
  method: "GET",
  path: "/unavailabilities",
  tag,
  summary: "What blocks time: a row for each occurrence that overlaps the range (default: the next 92 days).",
  scope: "read",
  query: z.object({ ...listQuery.shape, ...rangeFields }).check(checkRange),
  answer: listOf(unavailability),
});

export const createUnavailability = operation({
  id: "createUnavailability",
  method: "POST",
  path: "/unavailabilities",
  tag,
  summary: "Takes time off: two instants, or whole days of the person's own zone.",
  scope: "write",
  body: TimeOffInput,
  status: 201,
  creates: true,
  answer: unavailability,
});

export const deleteUnavailability = operation({
  id: "deleteUnavailability",
  method: "DELETE",
  path: "/unavailabilities/{id}",
  tag,
  summary: "Ends time off. What comes from a calendar is not ended here, but in that calendar.",
  scope: "write",
  params: idParams,
  status: 204,
  answer: null,
});
