import { apiRoute } from "@/app/_session/api";
import { pageRequest } from "@/app/_session/api-list";
import { apiMethods } from "@/app/_session/api-methods";
import { listUpcomingEvents } from "@/app/api/v1/_operations/events";
import { listEvents } from "@/lib/reporting/events";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(listUpcomingEvents, ({ ctx, query }) =>
    listEvents(ctx, { from: query.from ?? ctx.now, to: query.to ?? null }, pageRequest(query)),
  ),
});
