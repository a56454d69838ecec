"use client";

import { useTranslations } from "next-intl";
import { useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import { decideBlocking } from "@/app/(dashboard)/calendar/actions";

interface BlockingControlsProps {
  id: string;
  /** True blocks, false frees, null leaves it to the rules. */
  choices: (boolean | null)[];
}

/** The person's own word on one event, against or back to the rules. */
export function BlockingControls(props: BlockingControlsProps) {
  const t = useTranslations("calendar.entry.decide");
  return (
    <div className="mt-6 border-t pt-4">
      <p className="text-xs text-ink-muted">{t("hint")}</p>
      <div className="mt-3 flex flex-wrap gap-3">
        <DecideButtons {...props} />
      </div>
    </div>
  );
}

export function DecideButtons({ id, choices }: BlockingControlsProps) {
  const t = useTranslations("calendar.entry.decide");
  const inWords = useRefusalWords();
  const [pending, startTransition] = useTransition();

  function decide(blocks: boolean | null) {
    startTransition(async () => {
      const answer = await decideBlocking({ id, blocks });
      if (!answer.ok) toast.error(inWords(answer.error));
    });
  }

  return choices.map((blocks) => (
    <Button disabled={pending} key={String(blocks)} onClick={() => decide(blocks)} size="sm">
      {t(blocks === null ? "rules" : blocks ? "block" : "free")}
    </Button>
  ));
}
