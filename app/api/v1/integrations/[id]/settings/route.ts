import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { changeSettings } from "@/app/api/v1/_operations/integrations";
import { updateSettings } from "@/lib/connections/settings";
import { getIntegration } from "@/lib/reporting/integrations";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  PUT: apiRoute(changeSettings, async ({ ctx, params, body, services }) => {
    await updateSettings(services, ctx, params.id, body);
    return getIntegration(services, ctx, params.id);
  }),
});
