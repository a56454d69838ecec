"use client";

import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import { toast } from "sonner";
import { Button } from "@/app/_components/ui/button";
import type { IntegrationActions } from "@/app/(dashboard)/integrations/_components/integration-view";

interface SyncNowButtonProps {
  integrationId: string;
  disabled: boolean;
  syncNow: IntegrationActions["syncNow"];
}

export function SyncNowButton({ integrationId, disabled, syncNow }: SyncNowButtonProps) {
  const t = useTranslations("integrations.sync");
  const [pending, startTransition] = useTransition();

  function sync() {
    startTransition(async () => {
      const result = await syncNow({ integrationId });
      if (result.status === "failed") toast.error(result.message);
      else toast.success(t("requested"));
    });
  }

  return (
    <Button disabled={disabled || pending} onClick={sync}>
      <RefreshCw aria-hidden className={pending ? "animate-spin" : undefined} />
      {pending ? t("requesting") : t("now")}
    </Button>
  );
}
