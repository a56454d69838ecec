import { signInPath } from "@/app/_session/sign-in-error";
import { answered, sendTo, visitorOf } from "@/app/api/integrations/browser-answers";
import { endOfConsent } from "@/app/api/integrations/end-of-consent";
import type { Runtime } from "@/inngest/runtime";
import { openAttemptLink, startAttemptFromLink } from "@/lib/connections/attempt-link";
import { withOutcome } from "@/lib/connections/return-path";
import { countAttempt } from "@/lib/organizations/rate-counters";
import { AppError } from "@/lib/platform/errors";

function linkPage(token: string): string {
  return `/integrations/connect/${encodeURIComponent(token)}`;
}

/** `GET`: the address an API client hands out. Its owner sees who will be connected; anybody else ends it. */
export function openLink(runtime: Runtime, request: Request, token: string): Promise<Response> {
  const { appOrigin } = runtime.env;
  const open = async () => {
    const visitor = await visitorOf(runtime, request);
    if (visitor === null) return sendTo(appOrigin + signInPath({ returnTo: linkPage(token) }));
    await openAttemptLink(visitor.ctx, token);
    return sendTo(appOrigin + linkPage(token));
  };
  // The page has the words for a link that is nobody's, another person's or used up.
  return answered("integrations.link", request, open, () => appOrigin + linkPage(token));
}

/** `POST` from that page alone: the person agreed, the link is used up, the vendor is next. */
export function followLink(runtime: Runtime, request: Request, token: string): Promise<Response> {
  const { env, services, limits } = runtime;
  const follow = async () => {
    const visitor = await visitorOf(runtime, request);
    if (visitor === null) throw new AppError("unauthenticated", "Please sign in.");
    if (request.headers.get("origin") !== env.appOrigin) {
      throw new AppError("forbidden", "This request does not come from one of our pages.");
    }
    const { ctx, sessionHash } = visitor;
    await countAttempt(services.db, { name: "connect", key: ctx.userId, rule: limits.connect }, ctx.now);
    const { vendor } = await openAttemptLink(ctx, token);
    const begun = await startAttemptFromLink(services, ctx, { token, sessionHash });
    if (begun.status === "started") return sendTo(begun.url, 303);
    const end = { errorCode: null, mode: "tab", returnTo: "/integrations", vendor } as const;
    return sendTo(endOfConsent(env.appOrigin, { ...begun, ...end }), 303);
  };
  return answered("integrations.link", request, follow, ({ code }) => {
    if (code !== "rate_limited") return env.appOrigin + linkPage(token);
    const words = { connect: "closed", reason: "too_many" };
    return env.appOrigin + withOutcome("/integrations", words);
  });
}
