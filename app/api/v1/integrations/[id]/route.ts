import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { disconnectIntegration, readIntegration } from "@/app/api/v1/_operations/integrations";
import { disconnect } from "@/lib/connections/disconnect";
import { getIntegration } from "@/lib/reporting/integrations";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(readIntegration, ({ ctx, params, services }) => getIntegration(services, ctx, params.id)),
  DELETE: apiRoute(disconnectIntegration, async ({ ctx, params, query, services }) => {
    await disconnect(services, ctx, params.id, query);
    return { id: params.id, status: "disconnecting" };
  }),
});
