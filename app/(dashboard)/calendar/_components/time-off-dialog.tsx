"use client";

import { CalendarPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/app/_components/ui/button";
import { Dialog } from "@/app/_components/ui/dialog";
import { TimeOffForm } from "@/app/(dashboard)/calendar/_components/time-off-form";

/** Blocks time by hand. `date` is the day the form begins with. */
export function TimeOffDialog({ date }: { date: string }) {
  const t = useTranslations("calendar.timeOff");
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      closeLabel={t("close")}
      description={t("description")}
      onOpenChange={setOpen}
      open={open}
      title={t("add")}
      trigger={
        <Button variant="primary">
          <CalendarPlus aria-hidden />
          {t("add")}
        </Button>
      }
    >
      <TimeOffForm date={date} onDone={() => setOpen(false)} />
    </Dialog>
  );
}
