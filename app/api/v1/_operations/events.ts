import { z } from "zod";
import { idParams, listQuery } from "@/app/_session/api-list";
import { checkRange, instantOut, listOf, rangeFields } from "@/app/api/v1/_operations/fields";
import { operation } from "@/app/api/v1/_operations/operation";

const tag = "Events";

const event = z
  .strictObject({
    id: z.uuid(),
    title: z.string().nullable(),
    start: instantOut,
    end: instantOut,
    allDay: z.boolean(),
    startDate: z.iso.date().optional(),
    endDate: z.iso.date().optional().describe("Not included"),
    timeZone: z.string().describe("IANA"),
    location: z.string().nullable(),
    attendees: z.array(
      z.strictObject({
        name: z.string().nullable(),
        email: z.string().nullable(),
        response: z.enum(["needs_action", "declined", "tentative", "accepted"]),
      }),
    ),
    blocks: z.boolean(),
    override: z.boolean().nullable().describe("The person's own word; null while the rules decide"),
    integrationId: z.uuid(),
    calendarId: z.uuid(),
  })
  .meta({ id: "Event" });

export const listUpcomingEvents = operation({
  id: "listEvents",
  method: "GET",
  path: "/events",
  tag,
  summary:
    "Events of the checked calendars in order of time; without a range, those that are not over yet. An event of a " +
    "booking is not among them, unless its owner moved it.",
  scope: "read",
  query: z
    .object({ ...listQuery.shape, limit: listQuery.shape.limit.prefault(10), ...rangeFields })
    .check(checkRange),
  answer: listOf(event),
});

export const putOverride = operation({
  id: "overrideEvent",
  method: "PUT",
  path: "/events/{id}/override",
  tag,
  summary: "The person's own word on one event: it blocks, it does not, or (null) the rules decide again.",
  scope: "write",
  params: idParams,
  body: z.strictObject({ blocks: z.boolean().nullable() }),
  answer: event,
});
