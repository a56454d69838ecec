import { useTranslations } from "next-intl";
import { Input, Textarea } from "@/app/_components/ui/field";
import { FormField } from "@/app/_components/ui/form-field";
import type { BookingField, BookingParticulars } from "@/app/(dashboard)/bookings/booking-form";

interface ClientFieldsProps {
  given: BookingParticulars | null;
  /** What the service says; shown as the place unless the booking has its own. */
  usualPlace: string | null;
  faults: Partial<Record<BookingField, string>>;
}

/** Who comes, where, and what to know about it. */
export function ClientFields({ given, usualPlace, faults }: ClientFieldsProps) {
  const t = useTranslations("bookings.form");
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <FormField className="sm:col-span-2" fault={faults.name} label={t("name")} name="name">
        {(described) => (
          <Input
            autoComplete="off"
            defaultValue={given?.client.name}
            maxLength={120}
            required
            {...described}
          />
        )}
      </FormField>
      <FormField fault={faults.email} hint={t("emailHint")} label={t("email")} name="email">
        {(described) => (
          <Input
            autoComplete="off"
            defaultValue={given?.client.email ?? ""}
            inputMode="email"
            maxLength={254}
            type="email"
            {...described}
          />
        )}
      </FormField>
      <FormField fault={faults.phone} hint={t("phoneHint")} label={t("phone")} name="phone">
        {(described) => (
          <Input
            autoComplete="off"
            defaultValue={given?.client.phone ?? ""}
            maxLength={40}
            type="tel"
            {...described}
          />
        )}
      </FormField>
      <FormField
        className="sm:col-span-2"
        fault={faults.address}
        hint={usualPlace === null ? t("addressHint") : t("usualPlace", { place: usualPlace })}
        label={t("address")}
        name="address"
      >
        {(described) => (
          <Input autoComplete="off" defaultValue={given?.address ?? ""} maxLength={300} {...described} />
        )}
      </FormField>
      <FormField
        className="sm:col-span-2"
        fault={faults.instructions}
        hint={t("instructionsHint")}
        label={t("instructions")}
        name="instructions"
      >
        {(described) => (
          <Textarea defaultValue={given?.instructions ?? ""} maxLength={2_000} rows={3} {...described} />
        )}
      </FormField>
    </div>
  );
}
