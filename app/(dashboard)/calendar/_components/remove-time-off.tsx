"use client";

import { Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import { removeTimeOff } from "@/app/(dashboard)/calendar/actions";

/** Asks once more before it frees the time. */
export function RemoveTimeOff({ id, onRemoved }: { id: string; onRemoved: () => void }) {
  const t = useTranslations("calendar.timeOff.remove");
  const inWords = useRefusalWords();
  const [asking, setAsking] = useState(false);
  const [pending, startTransition] = useTransition();

  function remove() {
    startTransition(async () => {
      const answer = await removeTimeOff({ id });
      if (!answer.ok) {
        toast.error(inWords(answer.error));
        return;
      }
      onRemoved();
      toast.success(t("done"));
    });
  }

  if (!asking) {
    return (
      <div className="mt-6 border-t pt-4">
        <Button onClick={() => setAsking(true)} variant="dangerGhost">
          <Trash2 aria-hidden />
          {t("action")}
        </Button>
      </div>
    );
  }
  return (
    <div className="mt-6 border-t pt-4">
      <p className="text-sm" role="status">
        {t("question")}
      </p>
      <div className="mt-3 flex flex-wrap gap-3">
        <Button autoFocus onClick={() => setAsking(false)}>
          {t("keep")}
        </Button>
        <Button disabled={pending} onClick={remove} variant="danger">
          {t("confirm")}
        </Button>
      </div>
    </div>
  );
}
