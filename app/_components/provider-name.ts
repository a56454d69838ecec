export type ProviderName = "google" | "microsoft";

/** Proper names, the same in every language. */
export const PROVIDER_TITLES: Record<ProviderName, string> = { google: "Google", microsoft: "Microsoft" };

export const CALENDAR_PRODUCTS: Record<ProviderName, string> = {
  google: "Google Calendar",
  microsoft: "Outlook Calendar",
};
