import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { getMe, meChange, updateMe } from "@/lib/organizations/me";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute({ scope: "read" }, ({ ctx }) => getMe(ctx)),
  PATCH: apiRoute({ scope: "write", body: meChange }, ({ ctx, body }) => updateMe(ctx, body)),
});
