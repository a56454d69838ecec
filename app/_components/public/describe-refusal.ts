import { getFormatter, getLocale, getTranslations } from "next-intl/server";
import { z } from "zod";
import { CLIENT_FIELDS, type FormState } from "@/app/_components/public/form-state";
import { timeWords } from "@/app/_components/public/use-time-words";
import type { ActionAnswer } from "@/app/_session/perform-action";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import type { AppErrorCode } from "@/lib/platform/errors";

type Refused = Extract<ActionAnswer<unknown>, { ok: false }>["error"];

const TITLES: Partial<Record<AppErrorCode, "impossible" | "notReady" | "elsewhere" | "gone">> = {
  range_too_far: "impossible",
  calendar_not_ready: "notReady",
  forbidden: "elsewhere",
  not_found: "gone",
};

const offered = z.object({ slots: z.array(z.object({ start: z.iso.datetime() })) });

/** A refusal in the visitor's words: what happened, that nothing is booked, and the way on. */
export async function describeRefusal(error: Refused, zone: TimeZoneId): Promise<Omit<FormState, "values">> {
  const [t, format, locale] = await Promise.all([
    getTranslations("publicBooking"),
    getFormatter(),
    getLocale(),
  ]);
  const told = (
    key: "fields" | "taken" | "takenAll" | "impossible" | "notReady" | "elsewhere" | "gone" | "failed",
  ) => ({
    title: t(`refused.${key}.title`),
    body: t(`refused.${key}.body`),
  });
  const nothing = { faults: {}, offers: [] };
  if (error.code === "rate_limited") {
    const minutes = Math.ceil((error.retryAfterSeconds ?? 60) / 60);
    const refusal = { title: t("refused.tooMany.title"), body: t("refused.tooMany.body", { minutes }) };
    return { ...nothing, refusal };
  }
  if (error.code === "slot_unavailable") {
    const { slots } = offered.catch({ slots: [] }).parse(error.extra);
    const words = timeWords(format, locale, zone);
    const offers = slots.map(({ start }) => ({
      start,
      label: t("offer", { when: words.short(new Date(start)) }),
    }));
    return { ...nothing, offers, refusal: told(offers.length > 0 ? "taken" : "takenAll") };
  }
  if (error.code === "invalid_input") {
    const paths = new Set((error.fields ?? []).map(({ path }) => path.split(".").at(-1)));
    const wrong = CLIENT_FIELDS.filter((field) => paths.has(field));
    const faults = Object.fromEntries(wrong.map((field) => [field, t(`form.fault.${field}`)]));
    return { ...nothing, faults, refusal: told(wrong.length > 0 ? "fields" : "impossible") };
  }
  return { ...nothing, refusal: told(TITLES[error.code] ?? "failed") };
}
