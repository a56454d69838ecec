import { apiRoute } from "@/app/_session/api";
import { pageRequest } from "@/app/_session/api-list";
import { apiMethods } from "@/app/_session/api-methods";
import { listOwnNotifications } from "@/app/api/v1/_operations/notifications";
import { listNotifications } from "@/lib/reporting/notices";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(listOwnNotifications, ({ ctx, query }) =>
    listNotifications(ctx, { unread: query.unread }, pageRequest(query)),
  ),
});
