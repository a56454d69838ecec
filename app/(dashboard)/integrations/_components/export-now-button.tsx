"use client";

import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import type { IntegrationActions } from "@/app/(dashboard)/integrations/_components/integration-view";

interface ExportNowButtonProps {
  integrationId: string;
  exportNow: IntegrationActions["exportNow"];
}

export function ExportNowButton({ integrationId, exportNow }: ExportNowButtonProps) {
  const t = useTranslations("exports.state");
  const inWords = useRefusalWords();
  const [pending, startTransition] = useTransition();

  function ask() {
    startTransition(async () => {
      const answer = await exportNow({ integrationId });
      if (answer.ok) toast.success(t("requested"));
      else toast.error(inWords(answer.error));
    });
  }

  return (
    <Button disabled={pending} onClick={ask} size="sm">
      <RotateCw aria-hidden className={pending ? "animate-spin" : undefined} />
      {t("tryNow")}
    </Button>
  );
}
