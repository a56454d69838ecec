"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { describeRefusal } from "@/app/_components/public/describe-refusal";
import { type FormState, textOf } from "@/app/_components/public/form-state";
import { publicAction } from "@/app/_session/public-action";
import { reasonField } from "@/lib/bookings/booking-input";
import { bookingLinkPath } from "@/lib/bookings/booking-link";
import { cancelByLink, moveByLink } from "@/lib/bookings/public-pages";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { instantField } from "@/lib/platform/instant-field";

const token = z.string();

const move = publicAction(z.strictObject({ token, start: instantField }), ({ input, services, now }) =>
  moveByLink(services, input.token, { start: input.start }, now),
);

const cancel = publicAction(z.strictObject({ token, reason: reasonField }), ({ input, services, now }) =>
  cancelByLink(services, input.token, { reason: input.reason }, now),
);

/** Moves the booking of a link. The slot is the one confirmed, or one of those offered in its place. */
export async function moveBooking(_: FormState, form: FormData): Promise<FormState> {
  const link = textOf(form, "token");
  const answer = await move({ token: link, start: textOf(form, "offer") || textOf(form, "start") });
  if (answer.ok) redirect(bookingLinkPath(link));
  const t = await getTranslations("publicBooking.move.refused");
  const zone = parseTimeZone(textOf(form, "timeZone")) ?? UTC;
  const { offers } = await describeRefusal(answer.error, zone);
  const key = offers.length > 0 ? "taken" : "failed";
  return { values: {}, faults: {}, offers, refusal: { title: t(`${key}.title`), body: t(`${key}.body`) } };
}

/** Cancels the booking of a link. Cancelling twice is cancelling once. */
export async function cancelBooking(_: FormState, form: FormData): Promise<FormState> {
  const link = textOf(form, "token");
  const reason = textOf(form, "reason");
  const answer = await cancel({ token: link, reason: reason || null });
  if (answer.ok) redirect(bookingLinkPath(link));
  const t = await getTranslations("publicBooking.cancel");
  const faults = answer.error.code === "invalid_input" ? { reason: t("fault") } : {};
  const refusal = { title: t("failed.title"), body: t("failed.body") };
  return { values: { reason }, faults, offers: [], refusal };
}
