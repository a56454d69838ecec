import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { readAvailability } from "@/app/api/v1/_operations/availability";
import { getAvailability } from "@/lib/bookings/availability";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(readAvailability, ({ ctx, query }) => getAvailability(ctx, query)),
});
