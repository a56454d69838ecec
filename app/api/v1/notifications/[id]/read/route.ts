import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { readNotification } from "@/app/api/v1/_operations/notifications";
import { markNoticeRead } from "@/lib/organizations/read-notices";
import { getNotification } from "@/lib/reporting/notices";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  POST: apiRoute(readNotification, async ({ ctx, params }) => {
    await markNoticeRead(ctx, params.id);
    return getNotification(ctx, params.id);
  }),
});
