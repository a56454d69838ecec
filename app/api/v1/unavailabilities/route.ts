import { apiRoute } from "@/app/_session/api";
import { pageRequest } from "@/app/_session/api-list";
import { apiMethods } from "@/app/_session/api-methods";
import { createUnavailability, listBlocked } from "@/app/api/v1/_operations/unavailabilities";
import { createTimeOff } from "@/lib/bookings/time-off";
import { listUnavailabilities } from "@/lib/bookings/unavailabilities";

const DEFAULT_SPAN_MS = 92 * 86_400_000;

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(listBlocked, ({ ctx, query }) => {
    const from = query.from ?? ctx.now;
    const to = query.to ?? new Date(from.getTime() + DEFAULT_SPAN_MS);
    return listUnavailabilities(ctx, { from, to }, pageRequest(query));
  }),
  POST: apiRoute(createUnavailability, ({ ctx, body, keep }) => createTimeOff(ctx, body, keep)),
});
