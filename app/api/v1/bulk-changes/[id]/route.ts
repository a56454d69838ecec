import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { readOneBulkChange } from "@/app/api/v1/_operations/bulk-changes";
import { getBulkChange } from "@/lib/bookings/bulk-changes";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(readOneBulkChange, ({ ctx, params }) => getBulkChange(ctx, params.id)),
});
