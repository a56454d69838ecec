"use client";

import { Activity } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import type { IntegrationActions } from "@/app/(dashboard)/integrations/_components/integration-view";

interface TestCalendarButtonProps {
  integrationId: string;
  calendarId: string;
  name: string;
  running: boolean;
  testCalendar: IntegrationActions["testCalendar"];
}

/** Never disabled while it works: whoever pressed it by keyboard would lose their place. */
export function TestCalendarButton(props: TestCalendarButtonProps) {
  const { integrationId, calendarId, name, running, testCalendar } = props;
  const t = useTranslations("probe");
  const inWords = useRefusalWords();
  const [pending, startTransition] = useTransition();
  const busy = running || pending;

  function test() {
    if (busy) return;
    startTransition(async () => {
      const answer = await testCalendar({ integrationId, calendarId });
      if (!answer.ok) toast.error(inWords(answer.error));
    });
  }

  return (
    <Button
      aria-disabled={busy}
      aria-label={busy ? undefined : t("label", { name })}
      className="-ml-2 px-2 text-xs text-ink-muted"
      onClick={test}
      size="sm"
      variant="ghost"
    >
      <Activity aria-hidden className={busy ? "motion-safe:animate-pulse" : undefined} />
      {busy ? t("testing") : t("test")}
    </Button>
  );
}
