"use client";

import { UserPen } from "lucide-react";
import { useTranslations } from "next-intl";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";

interface ChangedMeanwhileProps {
  what: "move" | "edit";
  /** Go on from what is stored now. */
  onAccept: () => void;
  /** Take what is stored in place of what was typed. */
  onDiscard?: () => void;
}

/** Somebody, or another window, changed the booking while it was being worked on here. */
export function ChangedMeanwhile({ what, onAccept, onDiscard }: ChangedMeanwhileProps) {
  const t = useTranslations("bookings.changedMeanwhile");
  return (
    <Alert
      action={
        <span className="flex flex-wrap gap-2">
          {onDiscard !== undefined && (
            <Button onClick={onDiscard} size="sm">
              {t("discard")}
            </Button>
          )}
          <Button onClick={onAccept} size="sm">
            {t(`${what}.accept`)}
          </Button>
        </span>
      }
      icon={UserPen}
      role="alert"
      title={t("title")}
      tone="warning"
    >
      {t(`${what}.body`)}
    </Alert>
  );
}
