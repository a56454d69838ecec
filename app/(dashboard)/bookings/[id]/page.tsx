import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { BookingView } from "@/app/(dashboard)/bookings/_components/booking-view";
import { readOwnBooking } from "@/app/(dashboard)/bookings/read-booking";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("bookings");
  return { title: t("one.title") };
}

export default async function BookingPage({ params }: { params: Promise<{ id: string }> }) {
  const { booking } = await readOwnBooking((await params).id);
  return <BookingView booking={booking} />;
}
