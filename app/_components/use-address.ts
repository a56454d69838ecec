"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";

/** Changes parameters of the page's address in place; `pending` until the page shows what they ask for. */
export function useAddress() {
  const router = useRouter();
  const [pending, startTransition] = useTransition();

  function go(parameters: Record<string, string>) {
    const query = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(parameters)) {
      if (value === "") query.delete(name);
      else query.set(name, value);
    }
    startTransition(() => router.replace(`?${query}`, { scroll: false }));
  }

  return { pending, go };
}
