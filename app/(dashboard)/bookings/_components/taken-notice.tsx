"use client";

import { CalendarX2 } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";
import type { Slot } from "@/app/(dashboard)/bookings/booking";

interface TakenNoticeProps {
  /** The free ones nearest to what was taken. */
  nearest: Slot[];
  onChoose: (slot: Slot) => void;
}

/** Somebody was faster: the nearest free times, one press away. */
export function TakenNotice({ nearest, onChoose }: TakenNoticeProps) {
  const t = useTranslations("bookings.taken");
  const format = useFormatter();
  return (
    <Alert icon={CalendarX2} role="alert" title={t("title")} tone="danger">
      <p>{t(nearest.length === 0 ? "none" : "nearest")}</p>
      {nearest.length > 0 && (
        <ul className="mt-3 flex flex-wrap gap-2">
          {nearest.map((slot) => (
            <li key={slot.start}>
              <Button onClick={() => onChoose(slot)} size="sm">
                {format.dateTime(new Date(slot.start), {
                  weekday: "short",
                  day: "numeric",
                  month: "short",
                  hour: "2-digit",
                  minute: "2-digit",
                })}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
