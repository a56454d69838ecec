import { runtime } from "@/inngest/runtime";
import { findShortcomings, findUnreadiness } from "@/lib/reporting/readiness";

export const dynamic = "force-dynamic";

/** Whether requests can be served; 503 names what is missing. `warnings` name what does not work beside. */
export async function GET() {
  const { services, env, startedAt } = runtime();
  const schedule = { startedAt, now: services.clock.now() };
  const own = env.JOBS === "embedded";
  const reasons = await findUnreadiness(services.db, own ? schedule : null);
  const warnings = await findShortcomings(services, own ? null : schedule);
  const ready = reasons.length === 0;
  return Response.json(
    { status: ready ? "ok" : "unavailable", reasons, warnings },
    { status: ready ? 200 : 503, headers: { "Cache-Control": "no-store" } },
  );
}
