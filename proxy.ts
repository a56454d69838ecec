import { type NextRequest, NextResponse } from "next/server";
import { OUTCOME_HEADER, outcomeOf } from "@/app/_components/connect/outcomes";
import { contentSecurityPolicy } from "@/app/_security/content-security-policy";
import { PATH_HEADER } from "@/app/_session/path-header";
import { env } from "@/lib/platform/env";
import { mapUrl } from "@/lib/platform/origins";

const CONSENT_PAGES = ["https://accounts.google.com", "https://login.microsoftonline.com"];

/**
 * Gives every page a policy with a fresh nonce, which Next puts on its scripts and the layout on the theme's.
 * What it tells pages in headers, no visitor can.
 */
export function proxy(request: NextRequest): NextResponse {
  const { appOrigin, origins } = env();
  const https = appOrigin.startsWith("https:");
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy({
    nonce,
    formTargets: CONSENT_PAGES.map((page) => mapUrl(page, origins).origin),
    https,
    // biome-ignore lint/style/noProcessEnv: the bundler replaces it with a constant, it is no configuration
    development: process.env.NODE_ENV === "development",
  });

  const forwarded = new Headers(request.headers);
  forwarded.set("x-nonce", nonce);
  forwarded.set("Content-Security-Policy", policy);
  forwarded.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);
  forwarded.delete(OUTCOME_HEADER);
  const outcome = outcomeOf(request.nextUrl);
  if (outcome !== null) forwarded.set(OUTCOME_HEADER, outcome);

  const response = NextResponse.next({ request: { headers: forwarded } });
  response.headers.set("Content-Security-Policy", policy);
  if (https) response.headers.set("Strict-Transport-Security", "max-age=31536000");
  return response;
}

export const config = {
  matcher: ["/((?!api/|_next/static|_next/image|.*\\.(?:svg|png|ico|webmanifest|txt)$).*)"],
};
