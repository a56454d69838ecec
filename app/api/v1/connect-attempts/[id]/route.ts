import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { readAttempt } from "@/app/api/v1/_operations/connecting";
import { getAttempt } from "@/lib/connections/attempts";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(readAttempt, ({ ctx, params }) => getAttempt(ctx, params.id)),
});
