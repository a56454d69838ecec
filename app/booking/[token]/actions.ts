"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { describeRefusal } from "@/app/_components/public/describe-refusal";
import { type FormState, textOf } from "@/app/_components/public/form-state";
import { publicAction } from "@/app/_session/public-action";
import { bookingLinkPath } from "@/lib/bookings/booking-link";
import { cancelByLink, moveByLink } from "@/lib/bookings/by-link";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";

// The verbs judge what is in them; here it only has to be text.
const text = z.string();

const move = publicAction(z.strictObject({ token: text, start: text }), ({ input, services, now }) =>
  moveByLink(services, input.token, { start: input.start }, now),
);

const cancel = publicAction(
  z.strictObject({ token: text, reason: text.nullable() }),
  ({ input, services, now }) => cancelByLink(services, input.token, { reason: input.reason }, now),
);

/**
 * Moves the booking of a link, to the slot confirmed or to one offered in its place. One that is cancelled or over by
 * then is shown as it is.
 */
export async function moveBooking(_: FormState, form: FormData): Promise<FormState> {
  const token = textOf(form, "token");
  const answer = await move({ token, start: textOf(form, "offer") || textOf(form, "start") });
  if (answer.ok || answer.error.code === "conflict") redirect(bookingLinkPath(token));
  const t = await getTranslations("publicBooking.move.refused");
  const zone = parseTimeZone(textOf(form, "timeZone")) ?? UTC;
  const { offers } = await describeRefusal(answer.error, zone);
  const key = offers.length > 0 ? "taken" : "failed";
  return { values: {}, faults: {}, offers, refusal: { title: t(`${key}.title`), body: t(`${key}.body`) } };
}

/** Cancels the booking of a link. Sent twice, the second finds it cancelled and shows it. */
export async function cancelBooking(_: FormState, form: FormData): Promise<FormState> {
  const token = textOf(form, "token");
  const reason = textOf(form, "reason");
  const answer = await cancel({ token, reason: reason || null });
  if (answer.ok || answer.error.code === "conflict") redirect(bookingLinkPath(token));
  const t = await getTranslations("publicBooking.cancel");
  const faults = answer.error.code === "invalid_input" ? { reason: t("fault") } : {};
  const refusal = { title: t("failed.title"), body: t("failed.body") };
  return { values: { reason }, faults, offers: [], refusal };
}
