import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { limitCostly } from "@/app/_session/limit-caller";
import { decideOneBulkChange } from "@/app/api/v1/_operations/bulk-changes";
import { decideBulkChange } from "@/lib/bookings/decide-bulk-change";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  POST: apiRoute(decideOneBulkChange, async ({ ctx, params, body, services }) => {
    // Each event that is put back is a request to its vendor.
    if (body.restoreEvents) await limitCostly(ctx, "sync");
    return decideBulkChange(services, ctx, params.id, body);
  }),
});
