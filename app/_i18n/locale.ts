export const LOCALES = ["en", "fr"] as const;
export type Locale = (typeof LOCALES)[number];

const DEFAULT_LOCALE: Locale = "en";
export const LOCALE_COOKIE = "locale";

/** A public page's `?lang=fr`: works without scripts, and a provider can hand out an address with it. */
export const LOCALE_PARAMETER = "lang";

/** The proxy tells pages here which language the address itself asks for. */
export const LOCALE_HEADER = "x-entente-locale";

/** The browser's IANA zone, which becomes the user's at the first sign-in. */
export const TIME_ZONE_COOKIE = "tz";

export const A_YEAR_IN_SECONDS = 365 * 24 * 60 * 60;

export function isLocale(value: unknown): value is Locale {
  return LOCALES.some((locale) => locale === value);
}

/** The language of a page: the address's, the visitor's earlier choice, the one saved with the user, the browser's. */
export function chooseLocale(from: {
  asked?: string | null;
  cookie: string | undefined;
  saved: string | undefined;
  acceptLanguage: string | null;
}): Locale {
  if (isLocale(from.asked)) return from.asked;
  if (isLocale(from.cookie)) return from.cookie;
  if (isLocale(from.saved)) return from.saved;
  return preferred(from.acceptLanguage ?? "") ?? DEFAULT_LOCALE;
}

function preferred(acceptLanguage: string): Locale | undefined {
  const wishes = acceptLanguage.split(",").flatMap((part) => {
    const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
    const quality = parameters.map((p) => p.trim()).find((p) => p.startsWith("q="));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    const language = tag.split("-")[0];
    return isLocale(language) && weight > 0 ? [{ language, weight }] : [];
  });
  return wishes.sort((a, b) => b.weight - a.weight)[0]?.language;
}
