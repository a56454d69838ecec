import { type NextRequest, NextResponse } from "next/server";
import { OUTCOME_HEADER, outcomeOf } from "@/app/_components/connect/outcomes";
import { isNothingThere, NOTHING_HEADER } from "@/app/_components/public/nothing-there";
import {
  A_YEAR_IN_SECONDS,
  isLocale,
  LOCALE_COOKIE,
  LOCALE_HEADER,
  LOCALE_PARAMETER,
} from "@/app/_i18n/locale";
import { contentSecurityPolicy } from "@/app/_security/content-security-policy";
import { PATH_HEADER } from "@/app/_session/path-header";
import { problem } from "@/app/_session/problem";
import { env } from "@/lib/platform/env";
import { notFound } from "@/lib/platform/errors";
import { mapUrl } from "@/lib/platform/origins";

const CONSENT_PAGES = ["https://accounts.google.com", "https://login.microsoftonline.com"];

/** Pages for people without an account, whose language may stand in the address. */
const PUBLIC = /^\/book(?:ing)?\//;

/**
 * Gives every page a policy with a fresh nonce, which Next puts on its scripts and the layout on the theme's.
 * What it tells pages in headers, no visitor can.
 */
export async function proxy(request: NextRequest): Promise<Response> {
  const { pathname, search } = request.nextUrl;
  const { appOrigin, origins } = env();
  const isApi = pathname.startsWith("/api/");
  if (isBroken(pathname)) {
    const nowhere = new URL(`${PUBLIC.test(pathname) ? "/book/-" : "/-"}${search}`, appOrigin);
    return isApi ? problem(notFound("resource")) : NextResponse.redirect(nowhere, 303);
  }
  if (isApi) return NextResponse.next();
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
  forwarded.set(PATH_HEADER, pathname + search);
  forwarded.delete(OUTCOME_HEADER);
  const outcome = outcomeOf(request.nextUrl);
  if (outcome !== null) forwarded.set(OUTCOME_HEADER, outcome);

  forwarded.delete(LOCALE_HEADER);
  const locale = request.nextUrl.searchParams.get(LOCALE_PARAMETER);
  const asked = PUBLIC.test(pathname) && isLocale(locale) ? locale : null;
  if (asked !== null) forwarded.set(LOCALE_HEADER, asked);

  forwarded.delete(NOTHING_HEADER);
  const isNothing = await isNothingThere(pathname);
  if (isNothing) forwarded.set(NOTHING_HEADER, "1");

  const response = NextResponse.next({ request: { headers: forwarded }, ...(isNothing && { status: 404 }) });
  if (asked !== null) {
    response.cookies.set(LOCALE_COOKIE, asked, { path: "/", sameSite: "lax", maxAge: A_YEAR_IN_SECONDS });
  }
  response.headers.set("Content-Security-Policy", policy);
  if (https) response.headers.set("Strict-Transport-Security", "max-age=31536000");
  return response;
}

/** Where Next cannot decode an address it answers a bare 500, so those lead to the page that says there is nothing. */
function isBroken(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return false;
  } catch {
    return true;
  }
}

export const config = {
  matcher: ["/((?!api/|_next/static|_next/image|.*\\.(?:svg|png|ico|webmanifest|txt)$).*)", "/api/(.*%.*)"],
};
