import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { exportBooking } from "@/app/api/v1/_operations/bookings";
import { exportBookingAgain } from "@/lib/bookings/export-again";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  POST: apiRoute(exportBooking, ({ ctx, params, services }) => exportBookingAgain(services, ctx, params.id)),
});
