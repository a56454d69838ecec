"use client";

import { useEffect } from "react";
import { onWaitingToast } from "@/app/_components/ui/toast";
import { useOnDemand } from "@/app/_components/use-on-demand";

const loadRegion = async () => (await import("@/app/_components/ui/toast-region")).ToastRegion;

/**
 * The region of short messages. It comes with the first click or key, so that a screen reader knows it before
 * there is something to read out.
 */
export function Toaster({ label }: { label: string }) {
  const [Region, ask] = useOnDemand(loadRegion);

  useEffect(() => {
    const listening = new AbortController();
    for (const type of ["pointerdown", "keydown"]) {
      document.addEventListener(type, ask, { once: true, passive: true, signal: listening.signal });
    }
    const forget = onWaitingToast(ask);
    return () => {
      listening.abort();
      forget();
    };
  }, [ask]);

  return Region === null ? null : <Region label={label} />;
}
