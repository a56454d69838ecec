import { z } from "zod";
import { LOCALES, timeZoneField } from "@/lib/organizations/users";
import { instantField } from "@/lib/platform/instant-field";

/** Anything that ends or hides a line: such a text would write headers and other people's words. */
const LINE_BREAKERS = /[\p{Cc}\u2028\u2029]/u;
const CONTROLS = /[^\P{Cc}\n\t]/u;

/** One line as people write it. Markup in it is text like any other, and stays. */
function line(max: number) {
  return z
    .string()
    .trim()
    .max(max)
    .refine((text) => !LINE_BREAKERS.test(text), "must be one line without control characters");
}

const lines = (max: number) =>
  z
    .string()
    .transform((text) => text.replaceAll("\r\n", "\n").trim())
    .pipe(
      z
        .string()
        .max(max)
        .refine((text) => !CONTROLS.test(text), "holds control characters"),
    );

const name = line(120).min(1);
const email = z.email("is not an e-mail address").max(254);
const phone = z
  .string()
  .trim()
  .regex(/^[0-9+(][0-9 ()./#*x-]{2,39}$/, "is not a phone number");

const client = z.strictObject({ name, email: email.nullish(), phone: phone.nullish() });

const particulars = {
  address: line(300).nullish(),
  instructions: lines(2000).nullish(),
  timeZone: timeZoneField.optional().describe("IANA; the zone the client reads times in. Default: yours"),
  locale: z.enum(LOCALES).optional().describe("The client's language. Default: yours"),
};

/** Body of `POST /bookings`. Price, duration and provider are the service's and cannot be sent. */
export const bookingInput = z.strictObject({
  serviceId: z.string(),
  start: instantField,
  client,
  ...particulars,
});

/** Body of `PATCH /bookings/{id}`: any of it. `version`: only if nobody changed the booking since. */
export const bookingChange = z.strictObject({
  start: instantField.optional(),
  client: client.partial().optional(),
  ...particulars,
  version: z.int().min(1).optional(),
});

export const reasonField = lines(500).nullish();

/** Body of `DELETE /bookings/{id}`, which may also be none. */
export const cancellationInput = z.strictObject({ reason: reasonField });

/** What the form of a public page sends. A client must leave an address to be written to. */
export const clientBookingInput = z.strictObject({
  handle: z.string(),
  slug: z.string(),
  start: instantField,
  client: client.extend({ email }),
  ...particulars,
  /** Drawn for each form shown, so that sending it twice makes one booking. */
  requestKey: z.string().regex(/^[\w-]{22,128}$/, "is not a request key"),
});

export type BookingInput = z.input<typeof bookingInput>;
export type BookingChange = z.input<typeof bookingChange>;
export type ClientBookingInput = z.input<typeof clientBookingInput>;
