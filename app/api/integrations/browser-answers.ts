import { problem, unexpected } from "@/app/_session/problem";
import { readCookies, sessionCookieName } from "@/app/_session/session-cookie";
import type { Runtime } from "@/inngest/runtime";
import type { Ctx } from "@/lib/organizations/context";
import { asRefusal } from "@/lib/organizations/refusals";
import { findSession, type SignedIn, sessionCtx } from "@/lib/organizations/sessions";
import { AppError } from "@/lib/platform/errors";

/** A person in their own browser: what they may do, and which session they do it in. */
interface Visitor {
  ctx: Ctx;
  sessionHash: string;
  signedIn: SignedIn;
}

export async function visitorOf({ services, env }: Runtime, request: Request): Promise<Visitor | null> {
  const token = readCookies(request.headers.get("cookie"))[sessionCookieName(env.appOrigin)];
  if (token === undefined || token === "") return null;
  const now = services.clock.now();
  const signedIn = await findSession(services.db, token, now);
  if (signedIn === null) return null;
  return { ctx: sessionCtx(services.db, signedIn, now), sessionHash: signedIn.sessionHash, signedIn };
}

const VENDORS = ["google", "microsoft"] as const;
export type VendorName = (typeof VENDORS)[number];

export function vendorOf(name: string | undefined): VendorName {
  const vendor = VENDORS.find((candidate) => candidate === name);
  if (vendor === undefined) throw new AppError("not_found", "There is nothing at this address.");
  return vendor;
}

/** Addresses on this way carry codes and states: none is kept, and none goes on as a referrer. */
const CLOSED = {
  "Cache-Control": "private, no-store",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
};

export function sendTo(address: string | URL, status: 302 | 303 = 302): Response {
  return new Response(null, { status, headers: { ...CLOSED, Location: String(address) } });
}

/**
 * Runs a browser's request. A refusal becomes a problem or, for a person whose browser asked for a page, the page that
 * `inWords` names, if it names one; what nobody foresaw goes to the log.
 */
export async function answered(
  route: string,
  request: Request,
  work: () => Promise<Response>,
  inWords: (refusal: AppError) => string | null = () => null,
): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    const refusal = asRefusal(error);
    if (refusal === null) return unexpected(error, route);
    const page = request.headers.get("accept")?.includes("text/html") === true ? inWords(refusal) : null;
    return page === null ? problem(refusal, CLOSED) : sendTo(page, 303);
  }
}
