"use client";

import { CalendarSync } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import { exportAgain } from "@/app/(dashboard)/bookings/actions";

interface ExportAgainProps {
  id: string;
  cancelled: boolean;
  /** Something is wrong that this may mend. */
  needed: boolean;
}

export function ExportAgain({ id, cancelled, needed }: ExportAgainProps) {
  const t = useTranslations("bookings.export.again");
  const inWords = useRefusalWords();
  const [pending, startTransition] = useTransition();

  function ask() {
    startTransition(async () => {
      const answer = await exportAgain({ id });
      if (answer.ok) toast.success(t("asked"));
      else toast.error(inWords(answer.error));
    });
  }

  return (
    <Button disabled={pending} onClick={ask} size="sm" variant={needed ? "primary" : "secondary"}>
      <CalendarSync aria-hidden className={pending ? "animate-pulse" : undefined} />
      {pending ? t("asking") : t(cancelled ? "remove" : "add")}
    </Button>
  );
}
