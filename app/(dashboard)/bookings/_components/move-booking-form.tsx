"use client";

import { CalendarSync, Mail } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useState, useTransition } from "react";
import { Link } from "@/app/_components/link";
import { Button } from "@/app/_components/ui/button";
import { Card, CardSection } from "@/app/_components/ui/card";
import { toast } from "@/app/_components/ui/toast";
import { ChangedMeanwhile } from "@/app/(dashboard)/bookings/_components/changed-meanwhile";
import { ChosenTime } from "@/app/(dashboard)/bookings/_components/chosen-time";
import { SlotChooser } from "@/app/(dashboard)/bookings/_components/slot-chooser";
import { TakenNotice } from "@/app/(dashboard)/bookings/_components/taken-notice";
import { useEventLabels } from "@/app/(dashboard)/bookings/_components/use-event-labels";
import { useSlotChoice } from "@/app/(dashboard)/bookings/_components/use-slot-choice";
import { change } from "@/app/(dashboard)/bookings/actions";
import type { Booking } from "@/app/(dashboard)/bookings/booking";
import type { SlotOffer } from "@/app/(dashboard)/bookings/slot-offer";

interface MoveBookingFormProps {
  booking: Booking;
  /** When it is now, in words made on the server: browsers space out ranges differently. */
  current: ReactNode;
  offer: SlotOffer;
  timeZone: string;
}

/** Another time for a booking. What it is moved from is the version the page was opened with. */
export function MoveBookingForm({ booking, current, offer, timeZone }: MoveBookingFormProps) {
  const t = useTranslations("bookings.move");
  const router = useRouter();
  const choice = useSlotChoice(timeZone);
  const [version, setVersion] = useState(booking.version);
  const [pending, startTransition] = useTransition();
  const here = `/bookings/${booking.id}`;

  function save() {
    const { chosen } = choice;
    if (chosen === null) return choice.point(["start"]);
    startTransition(async () => {
      const answer = await change({ id: booking.id, change: { start: chosen, version } });
      if (!answer.ok) return choice.refuse(answer.error);
      toast.success(t(booking.client.email === null ? "doneNoMail" : "done"));
      router.push(here);
    });
  }

  return (
    <form
      className="space-y-6"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {booking.version !== version && (
        <ChangedMeanwhile onAccept={() => setVersion(booking.version)} what="move" />
      )}
      <Card aria-label={t("title")}>
        <div className="p-4 sm:px-6 sm:py-5">
          <p className="text-xs text-ink-muted">{t("from")}</p>
          <p className="font-medium first-letter:uppercase">{current}</p>
        </div>
        <CardSection className="space-y-5">
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
        <Consequences booking={booking} />
      </Card>
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={pending} type="submit" variant="primary">
          {pending ? t("working") : t("confirm")}
        </Button>
        <Button asChild variant="ghost">
          <Link href={here}>{t("cancel")}</Link>
        </Button>
        <ChosenTime chosen={choice.chosen} />
      </div>
    </form>
  );
}

function Consequences({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings.move");
  const { email } = booking.client;
  const places = useEventLabels(booking.events.filter(({ state }) => state !== "gone"));
  return (
    <CardSection>
      <ul className="space-y-2 text-sm">
        <li className="flex gap-3">
          <Mail aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ink-muted" />
          <span className="min-w-0 wrap-anywhere">{email === null ? t("noMail") : t("mail", { email })}</span>
        </li>
        {places.length > 0 && (
          <li className="flex gap-3">
            <CalendarSync aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ink-muted" />
            <span className="min-w-0 wrap-anywhere">{t("events", { places: places.join(", ") })}</span>
          </li>
        )}
      </ul>
    </CardSection>
  );
}
