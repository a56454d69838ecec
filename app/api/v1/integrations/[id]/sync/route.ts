import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { limitCostly } from "@/app/_session/limit-caller";
import { syncIntegration } from "@/app/api/v1/_operations/integrations";
import { requestSync } from "@/lib/connections/request-sync";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  POST: apiRoute(syncIntegration, async ({ ctx, params, services }) => {
    await limitCostly(ctx, "sync");
    return requestSync(services, ctx, params.id);
  }),
});
