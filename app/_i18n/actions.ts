"use server";

import { cookies } from "next/headers";
import { z } from "zod";
import { A_YEAR_IN_SECONDS, isLocale, LOCALE_COOKIE, LOCALES } from "@/app/_i18n/locale";
import { action } from "@/app/_session/action";
import { getSession } from "@/app/_session/gate";
import { updateMe } from "@/lib/organizations/me";

const saveLocale = action(z.object({ locale: z.enum(LOCALES) }), ({ ctx, input }) => updateMe(ctx, input));

/** Remembers the visitor's language in a cookie and, once signed in, with the user. Unknown values are ignored. */
export async function setLocale(locale: string): Promise<void> {
  if (!isLocale(locale)) return;
  const jar = await cookies();
  jar.set(LOCALE_COOKIE, locale, { path: "/", sameSite: "lax", maxAge: A_YEAR_IN_SECONDS });
  if ((await getSession()) !== null) await saveLocale({ locale });
}
