import { apiRoute } from "@/app/_session/api";
import { pageRequest } from "@/app/_session/api-list";
import { apiMethods } from "@/app/_session/api-methods";
import { listOwnServices, makeService } from "@/app/api/v1/_operations/services";
import { createService, listServices } from "@/lib/bookings/services";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(listOwnServices, ({ ctx, query }) => listServices(ctx, pageRequest(query))),
  POST: apiRoute(makeService, ({ ctx, body, keep }) => createService(ctx, body, keep)),
});
