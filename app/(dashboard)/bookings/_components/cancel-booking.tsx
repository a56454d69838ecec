"use client";

import { CalendarX2, Clock, type LucideIcon, Mail, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { Dialog, DialogClose } from "@/app/_components/ui/dialog";
import { Textarea } from "@/app/_components/ui/field";
import { FormField } from "@/app/_components/ui/form-field";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import { useEventLabels } from "@/app/(dashboard)/bookings/_components/use-event-labels";
import { cancel } from "@/app/(dashboard)/bookings/actions";
import type { Booking } from "@/app/(dashboard)/bookings/booking";

/** Says who hears of it and what disappears before a booking is cancelled. */
export function CancelBooking({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings.cancel");
  const inWords = useRefusalWords();
  const [open, setOpen] = useState(false);
  const [pending, startTransition] = useTransition();
  const { client, events } = booking;
  const places = useEventLabels(events.filter(({ state }) => state !== "gone"));

  function confirm(form: FormData) {
    const reason = String(form.get("reason") ?? "");
    startTransition(async () => {
      const answer = await cancel({ id: booking.id, reason });
      if (!answer.ok) {
        toast.error(inWords(answer.error));
        return;
      }
      setOpen(false);
      toast.success(t("done"));
    });
  }

  return (
    <Dialog
      closeLabel={t("close")}
      description={t("description", { client: client.name, service: booking.serviceName })}
      onOpenChange={setOpen}
      open={open}
      title={t("title")}
      trigger={
        <Button variant="dangerGhost">
          <X aria-hidden />
          {t("action")}
        </Button>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          confirm(new FormData(event.currentTarget));
        }}
      >
        <ul className="space-y-3 text-sm">
          <Consequence icon={Mail}>
            {client.email === null ? t("noMail") : t("mail", { email: client.email })}
          </Consequence>
          {places.length > 0 && (
            <Consequence icon={CalendarX2}>{t("events", { places: places.join(", ") })}</Consequence>
          )}
          <Consequence icon={Clock}>{t("time")}</Consequence>
        </ul>
        <FormField
          className="mt-5"
          hint={t(client.email === null ? "reasonKept" : "reasonMailed")}
          label={t("reason")}
          name="reason"
        >
          {(described) => <Textarea maxLength={500} rows={3} {...described} />}
        </FormField>
        <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
          <DialogClose>
            <Button>{t("keep")}</Button>
          </DialogClose>
          <Button disabled={pending} type="submit" variant="danger">
            {pending ? t("working") : t("confirm")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Consequence({ icon: Icon, children }: { icon: LucideIcon; children: string }) {
  return (
    <li className="flex gap-3">
      <Icon aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ink-muted" />
      <span className="min-w-0 wrap-anywhere">{children}</span>
    </li>
  );
}
