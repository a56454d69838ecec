import type { MailView } from "@/emails/mail-view";
import { dayText } from "@/emails/times";
import { wordsIn } from "@/emails/words";
import type { ConnectionMail } from "@/lib/mail/mail-content";

/** A connection that only its owner can bring back: which, since when, why, and what it means. */
export function connectionView(mail: ConnectionMail): MailView {
  const t = wordsIn(mail.locale);
  const vendor = t(`connection.vendors.${mail.vendor}`);
  const account = mail.accountEmail;
  return {
    locale: mail.locale,
    subject: t("connection.subject", { vendor, account }),
    heading: t("connection.heading"),
    paragraphs: [
      t("connection.intro", { account }),
      t("connection.means"),
      t("connection.missing", { count: mail.missingBookings }),
    ],
    facts: [
      { label: t("facts.account"), value: `${vendor}, ${account}` },
      { label: t("facts.since"), value: dayText(mail.since, mail) },
      { label: t("facts.cause"), value: t(`connection.reasons.${mail.reason}`) },
    ],
    button: { label: t("connection.button", { vendor }), href: mail.link },
    footer: t("connection.footer"),
  };
}
