"use client";

import { CalendarCheck, EyeOff, Link2Off, type LucideIcon, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { Dialog, DialogClose } from "@/app/_components/ui/dialog";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import { removeService } from "@/app/(dashboard)/services/actions";

interface DeleteServiceProps {
  id: string;
  name: string;
  publicUrl: string;
  /** Null when they are too many to count here. */
  upcoming: number | null;
}

/** Says what goes and what stays before a service is deleted. */
export function DeleteService({ id, name, publicUrl, upcoming }: DeleteServiceProps) {
  const t = useTranslations("services.delete");
  const router = useRouter();
  const inWords = useRefusalWords();
  const [open, setOpen] = useState(false);
  const [pending, startTransition] = useTransition();

  function remove() {
    startTransition(async () => {
      const answer = await removeService({ id });
      if (!answer.ok) {
        toast.error(inWords(answer.error));
        return;
      }
      setOpen(false);
      toast.success(t("done"));
      router.push("/services");
    });
  }

  return (
    <Dialog
      closeLabel={t("close")}
      description={name}
      onOpenChange={setOpen}
      open={open}
      title={t("title")}
      trigger={
        <Button variant="dangerGhost">
          <Trash2 aria-hidden />
          {t("action")}
        </Button>
      }
    >
      <ul className="space-y-3 text-sm">
        <Consequence icon={Link2Off}>
          {t("address", { address: publicUrl.replace(/^https?:\/\//, "") })}
        </Consequence>
        <Consequence icon={CalendarCheck}>
          {upcoming === null ? t("manyBookings") : t("bookings", { count: upcoming })}
        </Consequence>
        <Consequence icon={EyeOff}>{t("instead")}</Consequence>
      </ul>
      <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
        <DialogClose>
          <Button>{t("keep")}</Button>
        </DialogClose>
        <Button disabled={pending} onClick={remove} variant="danger">
          {pending ? t("working") : t("confirm")}
        </Button>
      </div>
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
