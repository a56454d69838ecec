import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { putOverride } from "@/app/api/v1/_operations/events";
import { getEvent } from "@/lib/reporting/events";
import { overrideEvent } from "@/lib/sync/override-event";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  PUT: apiRoute(putOverride, async ({ ctx, params, body }) => {
    await overrideEvent(ctx, params.id, body.blocks);
    return getEvent(ctx, params.id);
  }),
});
