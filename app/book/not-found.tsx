import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("publicBooking.notFound");
  return { title: t("title") };
}

export { NothingHere as default } from "@/app/_components/public/nothing-here";
