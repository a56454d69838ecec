import { apiRoute } from "@/app/_session/api";
import { pageRequest } from "@/app/_session/api-list";
import { apiMethods } from "@/app/_session/api-methods";
import { listOwnBookings, makeBooking } from "@/app/api/v1/_operations/bookings";
import { createBooking } from "@/lib/bookings/create-booking";
import { listBookings } from "@/lib/bookings/list-bookings";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(listOwnBookings, ({ ctx, query }) => listBookings(ctx, query, pageRequest(query))),
  POST: apiRoute(makeBooking, ({ ctx, body, services, requestKey }) =>
    createBooking(services, ctx, body, requestKey),
  ),
});
