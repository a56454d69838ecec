import type { TimeZoneId } from "@/lib/calendar/time-zone";
import type { MailLocale } from "@/lib/mail/mail-content";

interface Reader {
  locale: MailLocale;
  timeZone: TimeZoneId;
}

/** `Tuesday, 24 November 2026, 10:00 – 11:00`, with the zone's name: a mail is read anywhere. */
export function whenText(start: Date, end: Date, { locale, timeZone }: Reader): string {
  const range = new Intl.DateTimeFormat(tag(locale), {
    ...{ weekday: "long", day: "numeric", month: "long", year: "numeric" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone },
  }).formatRange(start, end);
  return `${range} (${zoneText(start, { locale, timeZone })})`;
}

/** `24 November 2026 at 10:00`, for a subject. */
export function dateText(at: Date, { locale, timeZone }: Reader): string {
  return new Intl.DateTimeFormat(tag(locale), {
    ...{ weekday: "short", day: "numeric", month: "short" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone },
  }).format(at);
}

export function dayText(at: Date, { locale, timeZone }: Reader): string {
  return new Intl.DateTimeFormat(tag(locale), { dateStyle: "long", timeZone }).format(at);
}

export function priceText(
  { amount, currency }: { amount: number; currency: string },
  locale: MailLocale,
): string {
  return new Intl.NumberFormat(tag(locale), { style: "currency", currency }).format(amount);
}

/** The zone by the name people use, and by the one that is never mistaken. */
function zoneText(at: Date, { locale, timeZone }: Reader): string {
  const parts = new Intl.DateTimeFormat(tag(locale), { timeZone, timeZoneName: "longGeneric" }).formatToParts(
    at,
  );
  const name = parts.find(({ type }) => type === "timeZoneName")?.value;
  return name === undefined || name === timeZone ? timeZone : `${name}, ${timeZone}`;
}

/** English is read worldwide: day before month, as the rest of the product has it. */
function tag(locale: MailLocale): string {
  return locale === "en" ? "en-GB" : "fr-FR";
}
