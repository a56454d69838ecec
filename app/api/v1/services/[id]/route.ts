import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { changeService, readService, removeService } from "@/app/api/v1/_operations/services";
import { deleteService, getService, updateService } from "@/lib/bookings/services";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(readService, ({ ctx, params }) => getService(ctx, params.id)),
  PUT: apiRoute(changeService, ({ ctx, params, body }) => updateService(ctx, params.id, body)),
  DELETE: apiRoute(removeService, ({ ctx, params }) => deleteService(ctx, params.id)),
});
