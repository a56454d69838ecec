import { apiRoute } from "@/app/_session/api";
import { pageRequest } from "@/app/_session/api-list";
import { apiMethods } from "@/app/_session/api-methods";
import { listOwnBulkChanges } from "@/app/api/v1/_operations/bulk-changes";
import { listBulkChanges } from "@/lib/bookings/bulk-changes";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(listOwnBulkChanges, ({ ctx, query }) => listBulkChanges(ctx, query, pageRequest(query))),
});
