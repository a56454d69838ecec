import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { limitCostly } from "@/app/_session/limit-caller";
import { readCalendarTest, testCalendar } from "@/app/api/v1/_operations/integrations";
import { describeProbe } from "@/lib/reporting/probe-errors";
import { lastProbe } from "@/lib/reporting/probes";
import { requestProbe } from "@/lib/sync/probe/request-probe";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(readCalendarTest, async ({ ctx, params }) => {
    const { calendarId, failure, trouble, ...probe } = await lastProbe(ctx, params.id, params.calendarId);
    return { ...probe, error: describeProbe(failure, trouble) };
  }),
  POST: apiRoute(testCalendar, async ({ ctx, params, services }) => {
    await limitCostly(ctx, "sync");
    return requestProbe(services, ctx, params.id, params.calendarId);
  }),
});
