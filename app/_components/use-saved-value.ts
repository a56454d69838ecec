"use client";

import { startTransition, useOptimistic } from "react";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import type { ActionAnswer } from "@/app/_session/perform-action";

/** A value that shows the wish at once and falls back to the saved one, with a toast, when saving fails. */
export function useSavedValue<Value>(saved: Value, save: (next: Value) => Promise<ActionAnswer<unknown>>) {
  const [value, show] = useOptimistic(saved);
  const inWords = useRefusalWords();

  function change(next: Value) {
    startTransition(async () => {
      show(next);
      const answer = await save(next);
      if (!answer.ok) toast.error(inWords(answer.error));
    });
  }

  return [value, change] as const;
}
