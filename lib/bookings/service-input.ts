import { z } from "zod";
import { SERVICE_KINDS } from "@/db/schema/bookings";
import { LONGEST_BUFFER_MINUTES } from "@/lib/bookings/schedule";
import { OFFERED_DAYS } from "@/lib/calendar/window";

const DAY_MINUTES = 1_440;
const LONGEST_NOTICE_DAYS = 60;
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

// Names end up in mail headers and file names: one line, nothing invisible.
const line = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "may not hold line breaks or control characters");
const minutes = (from: number, to: number) => z.int().min(from).max(to);

const price = z
  .strictObject({
    amount: z.number().min(0).max(99_999_999).describe("In the currency's own unit: 12.5 is 12 euros 50"),
    currency: z.string().refine(isCurrency, "is not an ISO 4217 code, like EUR"),
  })
  .refine(({ amount, currency }) => !isCurrency(currency) || isWhole(amount, currency), {
    path: ["amount"],
    message: "has more decimals than its currency",
  });

const fields = {
  kind: z.enum(SERVICE_KINDS),
  name: line(120).min(1),
  durationMinutes: minutes(5, DAY_MINUTES),
  bufferBeforeMinutes: minutes(0, LONGEST_BUFFER_MINUTES),
  bufferAfterMinutes: minutes(0, LONGEST_BUFFER_MINUTES),
  location: line(500)
    .nullable()
    .transform((text) => text || null),
  price: price.nullable(),
  slug: z.string().regex(SLUG, "may hold a-z, 0-9 and inner hyphens, at most 64"),
  active: z.boolean(),
  slotStepMinutes: minutes(5, DAY_MINUTES).describe("Counted from the start of each working interval"),
  noticeMinutes: minutes(0, LONGEST_NOTICE_DAYS * DAY_MINUTES),
  horizonDays: z.int().min(1).max(OFFERED_DAYS),
  targetCalendarId: z
    .string()
    .nullable()
    .describe("A calendar of yours that can be written; null: each account's own"),
};

/** A new service. Without a slug it gets one of its name. */
export const serviceInput = z.strictObject({
  ...fields,
  kind: fields.kind.default("appointment"),
  bufferBeforeMinutes: fields.bufferBeforeMinutes.default(0),
  bufferAfterMinutes: fields.bufferAfterMinutes.default(0),
  location: fields.location.default(null),
  price: fields.price.default(null),
  slug: fields.slug.optional(),
  active: fields.active.default(true),
  slotStepMinutes: fields.slotStepMinutes.default(15),
  noticeMinutes: fields.noticeMinutes.default(0),
  horizonDays: fields.horizonDays.default(OFFERED_DAYS),
  targetCalendarId: fields.targetCalendarId.default(null),
});

/** What is given changes, the rest stays. The id of what was read may come back with it. */
export const serviceChange = z.strictObject({ id: z.string(), ...fields }).partial();

export type ServiceInput = z.input<typeof serviceInput>;
export type ServiceChange = z.input<typeof serviceChange>;

function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Yen have no decimals, euros two, dinars three. */
function isWhole(amount: number, currency: string): boolean {
  const format = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const unit = 10 ** (format.maximumFractionDigits ?? 2);
  return Math.abs(Math.round(amount * unit) / unit - amount) < 1e-9;
}
