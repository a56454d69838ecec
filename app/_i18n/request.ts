import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import {
  chooseLocale,
  LOCALE_COOKIE,
  LOCALE_HEADER,
  type Locale,
  TIME_ZONE_COOKIE,
} from "@/app/_i18n/locale";
import { getSession, type Session } from "@/app/_session/gate";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { systemClock } from "@/lib/platform/clock";
import { log } from "@/lib/platform/log";
import type messages from "@/messages/en.json";

const load: Record<Locale, () => Promise<{ default: unknown }>> = {
  en: () => import("@/messages/en.json"),
  fr: () => import("@/messages/fr.json"),
};

export default getRequestConfig(async () => {
  const [jar, received, session] = await Promise.all([cookies(), headers(), sessionIfReadable()]);
  const locale = chooseLocale({
    asked: received.get(LOCALE_HEADER),
    cookie: jar.get(LOCALE_COOKIE)?.value,
    saved: session?.user.locale,
    acceptLanguage: received.get("accept-language"),
  });
  return {
    locale,
    messages: (await load[locale]()).default as typeof messages,
    now: systemClock().now(),
    timeZone: session?.user.timeZone ?? parseTimeZone(jar.get(TIME_ZONE_COOKIE)?.value) ?? UTC,
  };
});

/** An error page needs its words most when the database cannot be asked. */
async function sessionIfReadable(): Promise<Session | null> {
  try {
    return await getSession();
  } catch (error) {
    log.warn({ event: "i18n.session_unreadable", err: error });
    return null;
  }
}
