"use server";

import { cookies } from "next/headers";
import { isLocale, LOCALE_COOKIE } from "@/app/_i18n/locale";

const A_YEAR_IN_SECONDS = 365 * 24 * 60 * 60;

/** Remembers the visitor's language in a cookie; the answer carries the page in it. Unknown values are ignored. */
export async function setLocale(locale: string): Promise<void> {
  if (!isLocale(locale)) return;
  const jar = await cookies();
  jar.set(LOCALE_COOKIE, locale, { path: "/", sameSite: "lax", maxAge: A_YEAR_IN_SECONDS });
}
