"use client";

import { startTransition, useOptimistic } from "react";
import { toast } from "sonner";
import type { ActionResult } from "@/app/_components/action-result";

/** A value that shows the wish at once and falls back to the saved one, with a toast, when saving fails. */
export function useSavedValue<Value>(saved: Value, save: (next: Value) => Promise<ActionResult>) {
  const [value, show] = useOptimistic(saved);

  function change(next: Value) {
    startTransition(async () => {
      show(next);
      const result = await save(next);
      if (result.status === "failed") toast.error(result.message);
    });
  }

  return [value, change] as const;
}
