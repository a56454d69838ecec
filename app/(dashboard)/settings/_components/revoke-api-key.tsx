"use client";

import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { Dialog, DialogClose } from "@/app/_components/ui/dialog";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import { revokeKey } from "@/app/(dashboard)/settings/actions";

export function RevokeApiKey({ id, prefix }: { id: string; prefix: string }) {
  const t = useTranslations("settings.keys.revoke");
  const inWords = useRefusalWords();
  const [open, setOpen] = useState(false);
  const [pending, startTransition] = useTransition();

  function revoke() {
    startTransition(async () => {
      const answer = await revokeKey({ id });
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
      description={`${prefix}…`}
      onOpenChange={setOpen}
      open={open}
      title={t("title")}
      trigger={
        <Button aria-label={t("label", { prefix })} size="sm" variant="dangerGhost">
          {t("action")}
        </Button>
      }
    >
      <p className="text-sm">{t("body")}</p>
      <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
        <DialogClose>
          <Button>{t("cancel")}</Button>
        </DialogClose>
        <Button disabled={pending} onClick={revoke} variant="danger">
          {pending ? t("working") : t("confirm")}
        </Button>
      </div>
    </Dialog>
  );
}
