import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { readStatistics } from "@/app/api/v1/_operations/statistics";
import { getStatistics } from "@/lib/reporting/statistics";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(readStatistics, ({ ctx, query }) => getStatistics(ctx, query)),
});
