import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { limitCostly } from "@/app/_session/limit-caller";
import { diagnoseIntegration } from "@/app/api/v1/_operations/integrations";
import { diagnose } from "@/lib/reporting/diagnose";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  POST: apiRoute(diagnoseIntegration, async ({ ctx, params, services }) => {
    await limitCostly(ctx, "sync");
    return { checks: await diagnose(services, ctx, params.id) };
  }),
});
