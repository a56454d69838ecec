import type { MailView } from "@/emails/mail-view";
import { dateText, priceText, whenText } from "@/emails/times";
import { type Words, wordsIn } from "@/emails/words";
import type { BookingMail } from "@/lib/mail/mail-content";

/** A booking as its client or its provider is told of it. */
export function bookingView(mail: BookingMail): MailView {
  const t = wordsIn(mail.locale);
  const { audience, news } = mail;
  const names = { service: mail.serviceName, client: mail.clientName, provider: mail.providerName };
  return {
    locale: mail.locale,
    subject: t(`${audience}.${news}.subject`, { ...names, date: dateText(mail.start, mail) }),
    heading: t(`${audience}.${news}.heading`),
    paragraphs: [t(`${audience}.${news}.intro`, names)],
    facts: factsOf(mail, t),
    button: buttonOf(mail, t),
    footer: t(`${audience}.footer`),
  };
}

function factsOf(mail: BookingMail, t: Words): MailView["facts"] {
  const client = mail.audience === "client";
  const rows: [Parameters<Words>[0], string | null][] = [
    ["facts.when", whenText(mail.start, mail.end, mail)],
    ["facts.service", mail.serviceName],
    ["facts.with", client ? mail.providerName : null],
    ["facts.client", client ? null : mail.clientName],
    ["facts.email", client ? null : mail.clientEmail],
    ["facts.phone", client ? null : mail.clientPhone],
    ["facts.address", mail.address],
    ["facts.price", mail.price === null ? null : priceText(mail.price, mail.locale)],
    ["facts.instructions", mail.instructions],
    ["facts.reason", mail.news === "cancelled" ? mail.cancelReason : null],
  ];
  return rows.flatMap(([label, value]) =>
    value === null || value === "" ? [] : [{ label: t(label), value }],
  );
}

function buttonOf(mail: BookingMail, t: Words): MailView["button"] {
  if (mail.link === null) return null;
  if (mail.audience === "provider") return { label: t("provider.button"), href: mail.link };
  return {
    label: t(mail.news === "cancelled" ? "client.buttonCancelled" : "client.button"),
    href: mail.link,
  };
}
