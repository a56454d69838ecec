import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { chooseLocale, LOCALE_COOKIE, type Locale } from "@/app/_i18n/locale";
import { systemClock } from "@/lib/platform/clock";
import type messages from "@/messages/en.json";

const load: Record<Locale, () => Promise<{ default: unknown }>> = {
  en: () => import("@/messages/en.json"),
  fr: () => import("@/messages/fr.json"),
};

export default getRequestConfig(async () => {
  const locale = chooseLocale({
    cookie: (await cookies()).get(LOCALE_COOKIE)?.value,
    saved: undefined,
    acceptLanguage: (await headers()).get("accept-language"),
  });
  return {
    locale,
    messages: (await load[locale]()).default as typeof messages,
    now: systemClock().now(),
    timeZone: "UTC",
  };
});
