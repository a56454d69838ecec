import { createTranslator } from "use-intl/core";
import { log } from "@/lib/platform/log";
import en from "@/messages/en.json";
import fr from "@/messages/fr.json";

const MESSAGES = { en, fr: fr as typeof en };

/** Messages that the build parsed know no format by name but these. */
const FORMATS = { dateTime: { long: { day: "numeric", month: "long", year: "numeric" } } } as const;

/** The words of the interface for what leaves without a page, such as events in an outside calendar. */
export function wordsIn(locale: string, timeZone?: string) {
  const known = locale === "fr" ? "fr" : "en";
  return createTranslator({
    locale: known,
    messages: MESSAGES[known],
    formats: FORMATS,
    ...(timeZone === undefined ? {} : { timeZone }),
    onError: (error) => log.error({ event: "words.missing", err: error }),
  });
}

export type Words = ReturnType<typeof wordsIn>;
