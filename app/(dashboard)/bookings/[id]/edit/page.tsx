import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PageHeader } from "@/app/_components/page-header";
import { EditBookingForm } from "@/app/(dashboard)/bookings/_components/edit-booking-form";
import { readOwnBooking } from "@/app/(dashboard)/bookings/read-booking";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("bookings");
  return { title: t("change.title") };
}

export default async function EditBookingPage({ params }: { params: Promise<{ id: string }> }) {
  const { booking } = await readOwnBooking((await params).id);
  if (booking.status === "cancelled") redirect(`/bookings/${booking.id}`);
  const t = await getTranslations("bookings");
  return (
    <div className="max-w-3xl">
      <PageHeader
        back={{ href: `/bookings/${booking.id}`, label: t("one.heading", { client: booking.client.name }) }}
        description={t("change.description")}
        title={t("change.title")}
      />
      <EditBookingForm booking={booking} />
    </div>
  );
}
