"use client";

import { CalendarX2, KeyRound, type LucideIcon, ScrollText, Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { Dialog, DialogClose } from "@/app/_components/ui/dialog";
import { RadioGroup } from "@/app/_components/ui/radio-group";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import type {
  IntegrationActions,
  IntegrationView,
} from "@/app/(dashboard)/integrations/_components/integration-view";

type Fate = "keep" | "remove";

interface DisconnectDialogProps {
  integration: Pick<IntegrationView, "id" | "accountEmail" | "status" | "consequences">;
  product: string;
  disconnect: IntegrationActions["disconnect"];
}

/** Says with numbers what a disconnect takes away, and asks what becomes of the exported events. */
export function DisconnectDialog({ integration, product, disconnect }: DisconnectDialogProps) {
  const t = useTranslations("integrations.disconnect");
  const inWords = useRefusalWords();
  const [open, setOpen] = useState(false);
  const [fate, setFate] = useState<Fate>("keep");
  const [pending, startTransition] = useTransition();
  const dead = integration.status === "reconnect_required";
  const { busyBlocks, exportedEvents } = integration.consequences;

  function confirm() {
    startTransition(async () => {
      const answer = await disconnect({ integrationId: integration.id, exportedEvents: fate });
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
      description={integration.accountEmail}
      onOpenChange={setOpen}
      open={open}
      title={t("title", { product })}
      trigger={
        <Button variant="dangerGhost">
          <Unplug aria-hidden />
          {t("action")}
        </Button>
      }
    >
      <ul className="space-y-3 text-sm">
        <Consequence icon={CalendarX2}>{t("busyBlocks", { count: busyBlocks })}</Consequence>
        <Consequence icon={KeyRound}>{t("access", { product })}</Consequence>
        <Consequence icon={ScrollText}>{t("history")}</Consequence>
      </ul>
      {exportedEvents > 0 && (
        <RadioGroup
          className="mt-6"
          legend={t("exported.legend", { count: exportedEvents, product })}
          name="exportedEvents"
          onChange={setFate}
          options={[
            { value: "keep", label: t("exported.keep"), description: t("exported.keepHint") },
            {
              value: "remove",
              label: t("exported.remove", { product }),
              description: t(dead ? "exported.removeDead" : "exported.removeHint", { product }),
            },
          ]}
          value={fate}
        />
      )}
      <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
        <DialogClose>
          <Button>{t("stay")}</Button>
        </DialogClose>
        <Button disabled={pending} onClick={confirm} variant="danger">
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
      <span>{children}</span>
    </li>
  );
}
