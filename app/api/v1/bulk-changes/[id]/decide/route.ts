import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { decideOneBulkChange } from "@/app/api/v1/_operations/bulk-changes";
import { decideBulkChange } from "@/lib/bookings/decide-bulk-change";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  POST: apiRoute(decideOneBulkChange, ({ ctx, params, body, services }) =>
    decideBulkChange(services, ctx, params.id, body),
  ),
});
