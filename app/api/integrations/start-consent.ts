import { signInPath } from "@/app/_session/sign-in-error";
import { answered, sendTo, type VendorName, visitorOf } from "@/app/api/integrations/browser-answers";
import { endOfConsent, endOfRefusal } from "@/app/api/integrations/end-of-consent";
import type { Runtime } from "@/inngest/runtime";
import { beginConnect } from "@/lib/connections/begin-connect";
import { safeReturnPath } from "@/lib/connections/return-path";
import { countAttempt } from "@/lib/organizations/rate-counters";
import { AppError } from "@/lib/platform/errors";

/** `GET /api/integrations/{vendor}/connect`: the signed-in browser goes on to the vendor, or learns why not. */
export function startConsent(runtime: Runtime, request: Request, vendor: VendorName): Promise<Response> {
  const { services, env, limits } = runtime;
  const query = new URL(request.url).searchParams;
  const mode = query.get("popup") === "1" ? ("popup" as const) : ("tab" as const);
  const returnTo = safeReturnPath(query.get("returnTo"));
  const ended = { attemptId: null, mode, returnTo, vendor, errorCode: null, integrationId: null };
  const begin = async () => {
    if (services.providers.find(vendor) === null) {
      throw new AppError("provider_not_configured", "This provider is not set up here.");
    }
    const visitor = await visitorOf(runtime, request);
    if (visitor === null) return sendTo(env.appOrigin + signInPath({ returnTo: safeReturnPath(null) }));
    const { ctx, sessionHash } = visitor;
    await countAttempt(services.db, { name: "connect", key: ctx.userId, rule: limits.connect }, ctx.now);
    try {
      const integrationId = query.get("integrationId");
      const begun = await beginConnect(services, ctx, { vendor, integrationId, returnTo, mode, sessionHash });
      if (begun.status === "started") return sendTo(begun.url);
      return sendTo(endOfConsent(env.appOrigin, { ...ended, ...begun }));
    } catch (error) {
      // Policy is one of the designed endings, not an error page.
      if (!(error instanceof AppError) || error.code !== "blocked_by_policy") throw error;
      return sendTo(endOfConsent(env.appOrigin, { ...ended, outcome: "policy" }));
    }
  };
  return answered("integrations.connect", request, begin, (refusal) => {
    const end = endOfRefusal(refusal);
    if (end === null) return null;
    const integrationId = end.errorCode === "too_many" ? query.get("integrationId") : null;
    return endOfConsent(env.appOrigin, { ...ended, ...end, integrationId });
  });
}
