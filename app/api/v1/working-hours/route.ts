import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { readHours, replaceHours } from "@/app/api/v1/_operations/working-hours";
import { getWorkingHours, putWorkingHours } from "@/lib/bookings/working-hours";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(readHours, ({ ctx }) => getWorkingHours(ctx)),
  PUT: apiRoute(replaceHours, ({ ctx, body }) => putWorkingHours(ctx, body)),
});
