import { z } from "zod";
import { checkRange, instantOut, rangeFields } from "@/app/api/v1/_operations/fields";
import { operation } from "@/app/api/v1/_operations/operation";

const count = z.int().min(0);
const milliseconds = count.nullable();

const figures = {
  runs: count.describe("Runs that ended, each repetition of a quiet one counted"),
  succeeded: count,
  failed: count,
  successRate: z.number().min(0).max(1).nullable().describe("Null without runs"),
  imported: count.describe("Events new here"),
  updated: count,
  removed: count,
  exported: count.describe("Events of bookings written or removed"),
  delays: z
    .strictObject({ p50Ms: milliseconds, p95Ms: milliseconds })
    .describe("From a change at the vendor to its arrival here; null where no run could tell"),
};

const statistics = z
  .strictObject({
    from: instantOut,
    to: instantOut,
    timeZone: z.string().describe("The person's zone; `byDay` has its days"),
    ...figures,
    byDay: z.array(z.strictObject({ date: z.iso.date(), ...figures })),
  })
  .meta({ id: "Statistics" });

export const readStatistics = operation({
  id: "getStatistics",
  method: "GET",
  path: "/statistics",
  tag: "History",
  summary:
    "What runs came to, in all and by day of the person's zone, days without runs included (default: the last 30 days).",
  scope: "read",
  query: z.object({ ...rangeFields, integrationId: z.uuid().optional() }).check(checkRange),
  answer: statistics,
  refusals: ["not_found"],
});
