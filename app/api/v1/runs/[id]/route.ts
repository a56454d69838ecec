import { apiRoute } from "@/app/_session/api";
import { apiMethods } from "@/app/_session/api-methods";
import { plainRun } from "@/app/api/v1/_operations/plain-run";
import { readRun } from "@/app/api/v1/_operations/runs";
import { getRun } from "@/lib/reporting/history";

export const { GET, POST, PUT, PATCH, DELETE } = apiMethods({
  GET: apiRoute(readRun, async ({ ctx, params }) => plainRun(await getRun(ctx, params.id))),
});
