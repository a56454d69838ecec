"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "@/app/_components/ui/toast";
import { useAddress } from "@/app/_components/use-address";
import { type Refusal, useRefusalWords } from "@/app/_components/use-refusal-words";
import type { Slot } from "@/app/(dashboard)/bookings/booking";
import { type BookingField, faultyFields, slotsOffered } from "@/app/(dashboard)/bookings/booking-form";

/** The choice of a time, and what to do when it is refused: taken, changed meanwhile, or wrongly entered. */
export function useSlotChoice(zone: string) {
  const t = useTranslations("bookings.fault");
  const router = useRouter();
  const inWords = useRefusalWords();
  const { pending: turning, go } = useAddress();
  const [chosen, setChosen] = useState<string | null>(null);
  const [taken, setTaken] = useState<Slot[] | null>(null);
  const [faults, setFaults] = useState<Partial<Record<BookingField, string>>>({});

  function choose(start: string) {
    setChosen(start);
    setTaken(null);
    setFaults(({ start: _gone, ...rest }) => rest);
  }

  function chooseNearest({ start }: Slot) {
    choose(start);
    // Swedish writes days as ISO does: the day of the slot on the reader's clock.
    go({ day: new Intl.DateTimeFormat("sv", { timeZone: zone }).format(new Date(start)) });
  }

  function point(fields: BookingField[]) {
    setFaults(Object.fromEntries(fields.map((field) => [field, t(field)])));
    const first = fields[0];
    const element = first === "start" ? "day" : first;
    if (element !== undefined) document.getElementById(element)?.focus();
  }

  function refuse(refusal: Refusal) {
    if (refusal.code === "slot_unavailable") {
      setTaken(slotsOffered(refusal.extra));
      setChosen(null);
      router.refresh();
      return;
    }
    if (refusal.code === "version_conflict") router.refresh();
    const fields = faultyFields(refusal.fields);
    if (fields.length > 0) point(fields);
    else toast.error(inWords(refusal));
  }

  /** Another service has other times. */
  function turnToService(service: string) {
    setChosen(null);
    setTaken(null);
    go({ service, day: "" });
  }

  const turn = (day: string) => go({ day });
  return { chosen, choose, chooseNearest, taken, faults, point, refuse, turning, turn, turnToService };
}
