import { z } from "zod";
import { idParams, listQuery } from "@/app/_session/api-list";
import { instantOut, listOf } from "@/app/api/v1/_operations/fields";
import { operation } from "@/app/api/v1/_operations/operation";
import { bulkDecisionInput } from "@/lib/bookings/decide-bulk-change";

const tag = "Wholesale changes";

const count = z.int().nonnegative();

const bulkChangeFields = {
  id: z.uuid(),
  kind: z.enum(["emptied", "wholesale"]),
  status: z.enum(["open", "accepted", "held"]),
  integrationId: z.uuid(),
  provider: z.enum(["google", "microsoft"]),
  accountEmail: z.string(),
  calendarId: z.uuid(),
  calendarName: z.string(),
  since: instantOut.describe("When the first of it was read"),
  through: instantOut.describe("When the last of it was read"),
  detectedAt: instantOut,
  decidedAt: instantOut.nullable(),
  before: count.describe("Upcoming events there were, a series counted once"),
  gone: count,
  moved: count,
};

const bulkChange = z.strictObject(bulkChangeFields).meta({ id: "BulkChange" });

const bulkChangeDetail = z
  .strictObject({
    ...bulkChangeFields,
    events: z
      .array(
        z.strictObject({
          title: z.string().nullable(),
          how: z.enum(["removed", "moved"]),
          start: instantOut,
          end: instantOut,
          allDay: z.boolean(),
          startDate: z.iso.date().nullable(),
          endDate: z.iso.date().nullable(),
          occurrences: z.int().positive(),
          own: z.boolean().describe("It was written here for a booking"),
        }),
      )
      .describe("Upcoming events that are not where they were; of a series the first occurrence concerned"),
    moreEvents: count.describe("Events beyond those that are listed"),
    bookings: z
      .array(
        z.strictObject({
          id: z.uuid(),
          serviceName: z.string(),
          clientName: z.string(),
          start: instantOut,
          end: instantOut,
          status: z.enum(["confirmed", "cancelled"]),
          event: z.strictObject({
            status: z.enum(["pending", "synced", "failed", "removed"]),
            code: z.string().nullable(),
          }),
          held: z
            .boolean()
            .describe("Nothing follows from what became of its event until the change is accepted"),
        }),
      )
      .describe("Bookings whose events went or moved with it"),
    heldTimes: count.describe("Pieces of time that are blocked because of it"),
  })
  .meta({ id: "BulkChangeDetail" });

export const listOwnBulkChanges = operation({
  id: "listBulkChanges",
  method: "GET",
  path: "/bulk-changes",
  tag,
  summary: "Times a calendar emptied or changed wholesale, the latest first.",
  scope: "read",
  query: z.object({
    ...listQuery.shape,
    status: z.enum(["open", "decided"]).optional().describe("`open`: waiting for your word"),
  }),
  answer: listOf(bulkChange),
});

export const readOneBulkChange = operation({
  id: "getBulkChange",
  method: "GET",
  path: "/bulk-changes/{id}",
  tag,
  summary: "One wholesale change, with the events that went or moved and the bookings concerned.",
  scope: "read",
  params: idParams,
  answer: bulkChangeDetail,
});

export const decideOneBulkChange = operation({
  id: "decideBulkChange",
  method: "POST",
  path: "/bulk-changes/{id}/decide",
  tag,
  summary:
    "Your word on it: it was you, or the freed time stays blocked; `restoreEvents` puts bookings' events back. The same again does nothing twice.",
  scope: "write",
  params: idParams,
  body: bulkDecisionInput,
  answer: bulkChangeDetail,
  refusals: ["conflict"],
});
