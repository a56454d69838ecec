import { useLocale, useTranslations } from "next-intl";
import { addressOf } from "@/app/_components/public/address";
import { ChosenTime } from "@/app/_components/public/chosen-time";
import type { ChosenSlot } from "@/app/_components/public/read-page";
import type { PublicService } from "@/app/_components/public/service-facts";
import type { Visit } from "@/app/_components/public/visit";
import { BookingForm } from "@/app/book/[handle]/[service]/_components/booking-form";
import { bookTime } from "@/app/book/[handle]/[service]/actions";
import { randomToken } from "@/lib/platform/crypto";

interface BookingDetailsProps {
  slot: ChosenSlot;
  visit: Visit;
  path: string;
  handle: string;
  service: PublicService;
  provider: { name: string; timeZone: string };
}

/** The last step: the time once more, and who it is for. */
export function BookingDetails({ slot, visit, path, handle, service, provider }: BookingDetailsProps) {
  const t = useTranslations("publicBooking.form");
  const locale = useLocale();
  const { name } = provider;
  const { zone, from } = visit.query;
  return (
    <section aria-labelledby="details" className="min-w-0 space-y-6">
      <ChosenTime
        another={{ href: addressOf(path, { zone, from }), words: t("another") }}
        path={path}
        provider={provider}
        slot={slot}
        title={t("chosen")}
        visit={visit}
      />
      <div className="rounded-card border bg-surface p-5 shadow-card sm:p-8">
        <h2 className="mb-5 text-lg font-semibold" id="details">
          {t("title")}
        </h2>
        <BookingForm
          action={bookTime}
          address={addressOfClient(service)}
          hidden={{
            handle,
            slug: service.slug,
            start: slot.start,
            timeZone: visit.zone,
            locale,
            requestKey: randomToken(),
          }}
          words={{
            label: {
              name: t("name"),
              email: t("email"),
              phone: t("phone"),
              address: t("address"),
              instructions: t("instructions"),
            },
            emailHint: t("emailHint"),
            addressHint: t("addressHint", { name }),
            optional: t("optional"),
            submit: t("submit"),
            afterwards: t("afterwards", { name }),
          }}
        />
      </div>
    </section>
  );
}

/** Whoever comes to the client must know where to; where the service has a place of its own, nobody asks. */
function addressOfClient({ kind, location }: PublicService): "required" | "optional" | "none" {
  if (kind === "intervention") return "required";
  return location === null ? "optional" : "none";
}
