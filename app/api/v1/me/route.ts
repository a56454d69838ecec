import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { changeMe, readMe } from "@/app/api/v1/_operations/me";
import { getMe, updateMe } from "@/lib/organizations/me";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(readMe, ({ ctx }) => getMe(ctx)),
  PATCH: apiRoute(changeMe, ({ ctx, body }) => updateMe(ctx, body)),
});
