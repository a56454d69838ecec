"use client";

import { CopyPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/app/_components/ui/button";
import { Dialog, DialogClose } from "@/app/_components/ui/dialog";
import { WEEKDAYS, type Weekday } from "@/app/(dashboard)/hours/hours";

const WORKDAYS: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri"];

interface CopyDayProps {
  day: Weekday;
  onCopy: (to: Weekday[]) => void;
}

/** Gives a day's hours to other days; the workdays are ticked to begin with. */
export function CopyDay({ day, onCopy }: CopyDayProps) {
  const t = useTranslations("hours");
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Weekday[]>([]);
  const others = WEEKDAYS.filter((other) => other !== day);

  function show(next: boolean) {
    setOpen(next);
    if (next) setChosen(WORKDAYS.filter((other) => other !== day));
  }

  function copy() {
    onCopy(others.filter((other) => chosen.includes(other)));
    setOpen(false);
  }

  return (
    <Dialog
      closeLabel={t("copy.close")}
      description={t("copy.description")}
      onOpenChange={show}
      open={open}
      title={t("copy.title", { day: t(`day.${day}`) })}
      trigger={
        <Button
          aria-label={t("copy.label", { day: t(`day.${day}`) })}
          className="h-10 justify-self-start"
          size="sm"
          variant="ghost"
        >
          <CopyPlus aria-hidden />
          {t("copy.action")}
        </Button>
      }
    >
      <fieldset className="grid grid-cols-2 gap-2 sm:grid-cols-3">
        <legend className="sr-only">{t("copy.days")}</legend>
        {others.map((other) => (
          <label
            className="flex min-h-11 items-center gap-3 rounded-control border px-3 text-sm has-checked:border-brand has-checked:bg-brand-soft/60"
            key={other}
          >
            <input
              checked={chosen.includes(other)}
              className="size-4 shrink-0 accent-brand"
              onChange={({ currentTarget }) =>
                setChosen(currentTarget.checked ? [...chosen, other] : chosen.filter((one) => one !== other))
              }
              type="checkbox"
            />
            {t(`day.${other}`)}
          </label>
        ))}
      </fieldset>
      <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
        <DialogClose>
          <Button>{t("copy.cancel")}</Button>
        </DialogClose>
        <Button disabled={chosen.length === 0} onClick={copy} variant="primary">
          {t("copy.confirm", { count: chosen.length })}
        </Button>
      </div>
    </Dialog>
  );
}
