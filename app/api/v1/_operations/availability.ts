import { z } from "zod";
import { checkRange, instantIn, instantOut, rangeFields, spanFault } from "@/app/api/v1/_operations/fields";
import { operation } from "@/app/api/v1/_operations/operation";
import { timeZoneField } from "@/lib/organizations/users";
import { REASON_CODES, REASON_SOURCES } from "@/lib/reporting/explain-reason";

const tag = "Availability";

const slot = z.strictObject({ start: instantOut, end: instantOut });

const freshness = z.strictObject({
  calendarId: z.uuid(),
  syncedAt: instantOut.nullable().describe("Start of the last complete round"),
  state: z.enum(["fresh", "stale", "unknown"]),
});

export const readAvailability = operation({
  id: "getAvailability",
  method: "GET",
  path: "/availability",
  tag,
  summary:
    "Free slots that begin in the range, with the freshness of each calendar that blocks. While one is `unknown` nothing is offered.",
  scope: "read",
  query: z
    .object({
      serviceId: z.string().describe("One of your services"),
      from: rangeFields.from.describe("Slots begin here or later; default: now"),
      to: rangeFields.to.describe(
        "Slots begin before this; default: 7 days after `from`, or the horizon. At most a day behind the service's horizon",
      ),
      timeZone: timeZoneField
        .optional()
        .meta({ description: "IANA. Checked; slots are instants in every zone" }),
    })
    .check(checkRange),
  answer: z
    .strictObject({ slots: z.array(slot), freshness: z.array(freshness) })
    .meta({ id: "Availability" }),
  refusals: ["not_found", "range_too_far"],
});

const id = z.uuid();
const fix = z
  .discriminatedUnion("action", [
    z.strictObject({ action: z.literal("override_event"), eventId: id, blocks: z.boolean().nullable() }),
    z.strictObject({ action: z.literal("change_working_hours") }),
    z.strictObject({ action: z.literal("change_service"), serviceId: id }),
    z.strictObject({ action: z.literal("delete_time_off"), id }),
    z.strictObject({ action: z.literal("decide_bulk_change"), id }),
    z.strictObject({ action: z.literal("move_booking"), bookingId: id }),
    z.strictObject({ action: z.literal("check_calendar"), integrationId: id, calendarId: id }),
    z.strictObject({ action: z.literal("enable_import"), integrationId: id }),
    z.strictObject({ action: z.literal("sync"), integrationId: id }),
  ])
  .describe(
    "What would change it: `override_event` is PUT `/events/{eventId}/override` with `blocks`, and so on",
  );

const reason = z
  .strictObject({
    code: z.enum(REASON_CODES),
    blocks: z.boolean().describe("False: it is there and takes no time, or is only good to know"),
    title: z.string(),
    subject: z.string().nullable().describe("The stored title of what it speaks of"),
    source: z.enum(REASON_SOURCES),
    start: instantOut.nullable(),
    end: instantOut.nullable(),
    calendarId: id.nullable(),
    externalEventId: z.string().nullable(),
    bookingId: id.nullable(),
    learnedAt: instantOut.nullable().describe("When this came to be known here"),
    fix: fix.nullable(),
  })
  .meta({ id: "AvailabilityReason" });

export const explainAvailability = operation({
  id: "explainAvailability",
  method: "GET",
  path: "/availability/explain",
  tag,
  summary:
    "Why a stretch of your time is free or not, reason by reason; when free, also what is there and does not block.",
  scope: "read",
  query: z
    .object({
      start: instantIn,
      end: instantIn.describe("Not included; at most 400 days after `start`"),
      serviceId: z.string().optional().describe("Judged by its buffers and rules as well"),
    })
    .check(({ value: { start, end }, issues }) => {
      const message = spanFault(start, end, "start");
      if (message !== null) issues.push({ code: "custom", path: ["end"], message, input: end });
    }),
  answer: z.strictObject({ free: z.boolean(), reasons: z.array(reason) }),
  refusals: ["not_found"],
});
