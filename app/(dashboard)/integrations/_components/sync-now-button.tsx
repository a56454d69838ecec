"use client";

import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import type { IntegrationActions } from "@/app/(dashboard)/integrations/_components/integration-view";

interface SyncNowButtonProps {
  integrationId: string;
  disabled: boolean;
  syncNow: IntegrationActions["syncNow"];
}

export function SyncNowButton({ integrationId, disabled, syncNow }: SyncNowButtonProps) {
  const t = useTranslations("integrations.sync");
  const inWords = useRefusalWords();
  const [pending, startTransition] = useTransition();

  function sync() {
    startTransition(async () => {
      const answer = await syncNow({ integrationId });
      if (answer.ok) toast.success(t("requested"));
      else toast.error(inWords(answer.error));
    });
  }

  return (
    <Button disabled={disabled || pending} onClick={sync}>
      <RefreshCw aria-hidden className={pending ? "animate-spin" : undefined} />
      {pending ? t("requesting") : t("now")}
    </Button>
  );
}
