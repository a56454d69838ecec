import { apiRoute } from "@/app/_session/api";
import { pageRequest } from "@/app/_session/api-list";
import { apiMethods } from "@/app/_session/api-methods";
import { listOwnIntegrations } from "@/app/api/v1/_operations/integrations";
import { decodePosition, toPage } from "@/lib/platform/page";
import { listIntegrations } from "@/lib/reporting/integrations";

/** A person has a handful of connections: they are read whole and cut here. */
export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(listOwnIntegrations, async ({ ctx, query, services }) => {
    const { limit, cursor } = pageRequest(query);
    const after = decodePosition(cursor, "instant");
    const all = await listIntegrations(services, ctx);
    const rest = all.filter(
      ({ connectedAt, id }) =>
        after === null || connectedAt > after.key || (connectedAt === after.key && id > after.id),
    );
    return toPage(
      rest,
      limit,
      (one) => ({ key: one.connectedAt, id: one.id }),
      (one) => one,
    );
  }),
});
