import { runtime } from "@/inngest/runtime";
import { findUnreadiness } from "@/lib/reporting/readiness";

export const dynamic = "force-dynamic";

/** Whether requests can be served; 503 names what is missing. */
export async function GET() {
  const reasons = await findUnreadiness(runtime().services.db);
  const ready = reasons.length === 0;
  return Response.json(
    { status: ready ? "ok" : "unavailable", reasons },
    { status: ready ? 200 : 503, headers: { "Cache-Control": "no-store" } },
  );
}
