import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { deleteUnavailability } from "@/app/api/v1/_operations/unavailabilities";
import { deleteTimeOff } from "@/lib/bookings/time-off";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  DELETE: apiRoute(deleteUnavailability, ({ ctx, params }) => deleteTimeOff(ctx, params.id)),
});
