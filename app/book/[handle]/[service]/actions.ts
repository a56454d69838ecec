"use server";

import { redirect } from "next/navigation";
import { describeRefusal } from "@/app/_components/public/describe-refusal";
import { CLIENT_FIELDS, type FormState, textOf } from "@/app/_components/public/form-state";
import { publicAction } from "@/app/_session/public-action";
import { bookAsClient } from "@/lib/bookings/book-as-client";
import { clientBookingInput } from "@/lib/bookings/booking-input";
import { bookingLinkPath } from "@/lib/bookings/booking-link";
import { findPublicService } from "@/lib/bookings/public-provider";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { AppError } from "@/lib/platform/errors";

const book = publicAction(clientBookingInput, async ({ input, services, now }) => {
  const { service } = await findPublicService(services, input.handle, input.slug, now);
  if (service.kind === "intervention" && !input.address) {
    const fields = [{ path: "address", message: "is needed to come to" }];
    throw new AppError("invalid_input", "Some fields are invalid.", { fields });
  }
  return bookAsClient(services, input, now);
});

/** Books what a page's form says, and leads to the client's own page of it; else the form again, with the reason. */
export async function bookTime(_: FormState, form: FormData): Promise<FormState> {
  const text = (name: string) => textOf(form, name);
  const answer = await book({
    handle: text("handle"),
    slug: text("slug"),
    start: text("offer") || text("start"),
    client: { name: text("name"), email: text("email").trim(), phone: text("phone").trim() || null },
    address: text("address") || null,
    instructions: text("instructions") || null,
    timeZone: text("timeZone"),
    locale: text("locale") === "fr" ? "fr" : "en",
    requestKey: text("requestKey"),
  });
  if (answer.ok) redirect(bookingLinkPath(answer.data.token));
  const values = Object.fromEntries(CLIENT_FIELDS.map((field) => [field, text(field)]));
  return { values, ...(await describeRefusal(answer.error, parseTimeZone(text("timeZone")) ?? UTC)) };
}
