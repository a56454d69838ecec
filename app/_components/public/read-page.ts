import { cookies } from "next/headers";
import type { SearchParams } from "@/app/_components/public/address";
import { readVisit, type Visit } from "@/app/_components/public/visit";
import { TIME_ZONE_COOKIE } from "@/app/_i18n/locale";

/** What the visitor of a page chose, in their device's zone unless they chose another; `fallback` when neither is known. */
export async function readPage(searchParams: SearchParams, fallback: string): Promise<Visit> {
  const [given, jar] = await Promise.all([searchParams, cookies()]);
  return readVisit(given, { device: jar.get(TIME_ZONE_COOKIE)?.value, fallback });
}
