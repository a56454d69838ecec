import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { limitCostly } from "@/app/_session/limit-caller";
import { connectAccount } from "@/app/api/v1/_operations/connecting";
import { createApiAttempt } from "@/lib/connections/attempt-link";

/** Here `[id]` is a vendor's name. */
export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  POST: apiRoute(connectAccount, async ({ ctx, params, body, services }) => {
    await limitCostly(ctx, "connect");
    const { integrationId = null, returnTo = null } = body;
    return createApiAttempt(services, ctx, { vendor: params.id, integrationId, returnTo });
  }),
});
