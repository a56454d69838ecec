import { apiRoute } from "@/app/_session/api";
import { pageRequest } from "@/app/_session/api-list";
import { apiMethods } from "@/app/_session/api-methods";
import { plainRun } from "@/app/api/v1/_operations/plain-run";
import { listHistory } from "@/app/api/v1/_operations/runs";
import { listRuns } from "@/lib/reporting/history";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(listHistory, async ({ ctx, params, query }) => {
    const { status, trigger, calendarId } = query;
    const [from, to] = [query.from?.toISOString(), query.to?.toISOString()];
    const filter = { integrationId: params.id, status, trigger, calendarId, from, to };
    const { data, nextCursor } = await listRuns(ctx, filter, pageRequest(query));
    return { data: data.map(plainRun), nextCursor };
  }),
});
