"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import { Link } from "@/app/_components/link";
import { Button } from "@/app/_components/ui/button";
import { Card, CardHeader, CardSection } from "@/app/_components/ui/card";
import { Select } from "@/app/_components/ui/field";
import { FormField } from "@/app/_components/ui/form-field";
import { toast } from "@/app/_components/ui/toast";
import { useMinutesWords } from "@/app/_components/use-minutes-words";
import { ChosenTime } from "@/app/(dashboard)/bookings/_components/chosen-time";
import { ClientFields } from "@/app/(dashboard)/bookings/_components/client-fields";
import { SlotChooser } from "@/app/(dashboard)/bookings/_components/slot-chooser";
import { TakenNotice } from "@/app/(dashboard)/bookings/_components/taken-notice";
import { useSlotChoice } from "@/app/(dashboard)/bookings/_components/use-slot-choice";
import { book } from "@/app/(dashboard)/bookings/actions";
import { type BookingField, readBookingForm } from "@/app/(dashboard)/bookings/booking-form";
import type { SlotOffer } from "@/app/(dashboard)/bookings/slot-offer";

interface OfferedService {
  id: string;
  name: string;
  durationMinutes: number;
  location: string | null;
  /** Clients can book it, too. */
  active: boolean;
}

interface NewBookingFormProps {
  services: OfferedService[];
  service: OfferedService;
  offer: SlotOffer;
  timeZone: string;
}

/** A service, one of its free times, and who it is for. What was typed stays when a time is refused. */
export function NewBookingForm({ services, service, offer, timeZone }: NewBookingFormProps) {
  const t = useTranslations("bookings");
  const router = useRouter();
  const inWords = useMinutesWords();
  const choice = useSlotChoice(timeZone);
  const [pending, startTransition] = useTransition();

  function save(form: FormData) {
    const given = readBookingForm(form);
    const { chosen } = choice;
    const missing: BookingField[] = [];
    if (chosen === null) missing.push("start");
    if (given.client.name === "") missing.push("name");
    if (chosen === null || missing.length > 0) return choice.point(missing);
    startTransition(async () => {
      const answer = await book({ serviceId: service.id, start: chosen, ...given });
      if (!answer.ok) return choice.refuse(answer.error);
      toast.success(t(given.client.email === null ? "new.doneNoMail" : "new.done"));
      router.push(`/bookings/${answer.data.id}`);
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
      <Card aria-labelledby="slot">
        <Heading id="slot">{t("new.slot")}</Heading>
        <CardSection className="space-y-5">
          <FormField label={t("new.service")} name="service">
            {({ id }) => (
              <Select
                className="max-w-md"
                id={id}
                onChange={({ currentTarget }) => choice.turnToService(currentTarget.value)}
                value={service.id}
              >
                {services.map(({ id: one, name, durationMinutes, active }) => (
                  <option key={one} value={one}>
                    {[name, inWords(durationMinutes), active ? null : t("new.yoursAlone")]
                      .filter((part) => part !== null)
                      .join(" · ")}
                  </option>
                ))}
              </Select>
            )}
          </FormField>
          {choice.taken !== null && <TakenNotice nearest={choice.taken} onChoose={choice.chooseNearest} />}
          <SlotChooser
            chosen={choice.chosen}
            fault={choice.faults.start ?? null}
            offer={offer}
            onChoose={choice.choose}
            onDay={choice.turn}
            pending={choice.turning}
          />
        </CardSection>
      </Card>
      <Card aria-labelledby="client">
        <Heading id="client">{t("new.client")}</Heading>
        <CardSection>
          <ClientFields faults={choice.faults} given={null} usualPlace={service.location} />
        </CardSection>
      </Card>
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={pending} type="submit" variant="primary">
          {pending ? t("new.working") : t("new.confirm")}
        </Button>
        <Button asChild variant="ghost">
          <Link href="/bookings">{t("new.cancel")}</Link>
        </Button>
        <ChosenTime chosen={choice.chosen} />
      </div>
    </form>
  );
}

function Heading({ id, children }: { id: string; children: string }) {
  return (
    <CardHeader className="py-4 sm:py-5">
      <h2 className="text-lg font-semibold" id={id}>
        {children}
      </h2>
    </CardHeader>
  );
}
