import { createTranslator } from "use-intl/core";
import type { MailLocale } from "@/lib/mail/mail-content";
import en from "@/messages/en.json";
import fr from "@/messages/fr.json";

const MESSAGES = { en, fr: fr as typeof en };

/** The words of mails in one language. A missing one fails the mail, so that none goes out half written. */
export function wordsIn(locale: MailLocale) {
  return createTranslator({
    locale,
    messages: MESSAGES[locale],
    namespace: "mail",
    onError: (error) => {
      throw error;
    },
  });
}

export type Words = ReturnType<typeof wordsIn>;
