"use client";

import { useTranslations } from "next-intl";
import type { ActionAnswer } from "@/app/_session/perform-action";

export type Refusal = Extract<ActionAnswer<unknown>, { ok: false }>["error"];

/** Puts a server action's refusal into a sentence of the visitor's language. */
export function useRefusalWords(): (refusal: Refusal) => string {
  const t = useTranslations("errors.code");
  return ({ code }) => t(code);
}
