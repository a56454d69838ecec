import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { editBooking, endBooking, readOneBooking } from "@/app/api/v1/_operations/bookings";
import { cancelBooking } from "@/lib/bookings/cancel-booking";
import { changeBooking } from "@/lib/bookings/change-booking";
import { getBooking } from "@/lib/bookings/list-bookings";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(readOneBooking, ({ ctx, params }) => getBooking(ctx, params.id)),
  PATCH: apiRoute(editBooking, ({ ctx, params, body, services }) =>
    changeBooking(services, ctx, params.id, body),
  ),
  DELETE: apiRoute(endBooking, ({ ctx, params, body, services }) =>
    cancelBooking(services, ctx, params.id, body),
  ),
});
