import { useLocale } from "next-intl";
import type { Locale } from "@/app/_i18n/locale";

export type ProviderName = "google" | "microsoft";

/** Proper names, the same in every language. */
export const PROVIDER_TITLES: Record<ProviderName, string> = { google: "Google", microsoft: "Microsoft" };

const CALENDAR_PRODUCTS: Record<Locale, Record<ProviderName, string>> = {
  en: { google: "Google Calendar", microsoft: "Outlook Calendar" },
  fr: { google: "Google Agenda", microsoft: "Outlook" },
};

/** What the vendors call their calendars in the reader's language. */
export function calendarProducts(locale: Locale): Record<ProviderName, string> {
  return CALENDAR_PRODUCTS[locale];
}

export function useCalendarProducts(): Record<ProviderName, string> {
  return calendarProducts(useLocale());
}
