import { cache } from "react";
import { requireCtx } from "@/app/_session/gate";
import { runtime } from "@/inngest/runtime";
import { findDeadConnections } from "@/lib/connections/dead-connections";
import { runsInstallation } from "@/lib/organizations/operator-notices";
import { findStoppedSchedule } from "@/lib/reporting/readiness";

/** Asked once per request, for the banner and for the page that says the same. */
export const readDeadConnections = cache(async () => findDeadConnections(await requireCtx()));

/** The same of the schedule, told from the tables alone: where everything stopped, no job is left to tell of it. */
export const readStoppedSchedule = cache(async () => {
  const ctx = await requireCtx();
  if (ctx.role !== "admin") return null;
  const stopped = await findStoppedSchedule(ctx.db, { startedAt: runtime().startedAt, now: ctx.now });
  return stopped !== null && (await runsInstallation(ctx)) ? stopped : null;
});
