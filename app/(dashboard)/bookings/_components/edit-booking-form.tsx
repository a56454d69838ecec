"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Link } from "@/app/_components/link";
import { Button } from "@/app/_components/ui/button";
import { Card, CardSection } from "@/app/_components/ui/card";
import { toast } from "@/app/_components/ui/toast";
import { type Refusal, useRefusalWords } from "@/app/_components/use-refusal-words";
import { ChangedMeanwhile } from "@/app/(dashboard)/bookings/_components/changed-meanwhile";
import { ClientFields } from "@/app/(dashboard)/bookings/_components/client-fields";
import { change } from "@/app/(dashboard)/bookings/actions";
import type { Booking } from "@/app/(dashboard)/bookings/booking";
import { type BookingField, faultyFields, readBookingForm } from "@/app/(dashboard)/bookings/booking-form";

/** Whatever of a booking is not its time. A change from elsewhere is said, and never overwritten unseen. */
export function EditBookingForm({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings");
  const router = useRouter();
  const inWords = useRefusalWords();
  const [base, setBase] = useState(booking);
  const [faults, setFaults] = useState<Partial<Record<BookingField, string>>>({});
  const [pending, startTransition] = useTransition();
  const here = `/bookings/${booking.id}`;

  function refuse(refusal: Refusal) {
    const fields = faultyFields(refusal.fields);
    setFaults(Object.fromEntries(fields.map((field) => [field, t(`fault.${field}`)])));
    if (refusal.code === "version_conflict") router.refresh();
    else if (fields[0] === undefined) toast.error(inWords(refusal));
    else document.getElementById(fields[0])?.focus();
  }

  function save(form: FormData) {
    startTransition(async () => {
      const answer = await change({
        id: booking.id,
        change: { ...readBookingForm(form), version: base.version },
      });
      if (!answer.ok) return refuse(answer.error);
      toast.success(t("change.done"));
      router.push(here);
    });
  }

  return (
    <form
      className="space-y-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save(new FormData(event.currentTarget));
      }}
    >
      {booking.version !== base.version && (
        <ChangedMeanwhile
          onAccept={() => setBase({ ...base, version: booking.version })}
          onDiscard={() => setBase(booking)}
          what="edit"
        />
      )}
      <Card aria-label={t("change.title")}>
        <CardSection className="border-t-0">
          <ClientFields
            faults={faults}
            given={base}
            // Other stored values are other fields; a raised version alone leaves what was typed.
            key={JSON.stringify([base.client, base.address, base.instructions])}
            usualPlace={null}
          />
        </CardSection>
      </Card>
      <div className="flex flex-wrap gap-3">
        <Button disabled={pending} type="submit" variant="primary">
          {pending ? t("change.working") : t("change.save")}
        </Button>
        <Button asChild variant="ghost">
          <Link href={here}>{t("change.cancel")}</Link>
        </Button>
      </div>
    </form>
  );
}
