import { runtime } from "@/inngest/runtime";
import { equalSecrets } from "@/lib/platform/crypto";
import { metrics, renderGauges } from "@/lib/platform/metrics";
import { processGauges } from "@/lib/platform/process-gauges";
import { readGaugesIfPossible } from "@/lib/reporting/gauges";

export const dynamic = "force-dynamic";

const NO_STORE = { "Cache-Control": "no-store" };

/** For a Prometheus that knows `METRICS_TOKEN`. Where none is set, there is nothing here. */
export async function GET(request: Request): Promise<Response> {
  const { env, services } = runtime();
  if (env.METRICS_TOKEN === undefined) return new Response(null, { status: 404, headers: NO_STORE });
  const [scheme = "", token = ""] = (request.headers.get("authorization") ?? "").split(" ", 2);
  if (scheme.toLowerCase() !== "bearer" || !equalSecrets(token, env.METRICS_TOKEN)) {
    return new Response(null, { status: 401, headers: { ...NO_STORE, "WWW-Authenticate": "Bearer" } });
  }
  const own = renderGauges(processGauges()) + metrics().render();
  const text = own + renderGauges(await readGaugesIfPossible(services));
  const type = "text/plain; version=0.0.4; charset=utf-8";
  return new Response(text, { headers: { ...NO_STORE, "Content-Type": type } });
}
