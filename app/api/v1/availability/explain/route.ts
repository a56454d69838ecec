import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { explainAvailability } from "@/app/api/v1/_operations/availability";
import { explainInterval } from "@/lib/reporting/explain";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(explainAvailability, ({ ctx, query: { start, end, serviceId } }) =>
    explainInterval(ctx, { time: { start, end }, serviceId }),
  ),
});
