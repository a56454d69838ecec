"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useOnDemand } from "@/app/_components/use-on-demand";
import { WHY_BUTTON } from "@/app/(dashboard)/calendar/_components/why-button";

const loadWindow = async () => (await import("@/app/_components/ui/dialog-window")).DialogWindow;

interface WhyDialogProps {
  title: string;
  description: string;
  closeLabel: string;
  /** The calendar without the question. */
  here: string;
  children: ReactNode;
}

/** The answer to a question that stands in the address. Closing it takes the question out again. */
export function WhyDialog({ here, children, ...words }: WhyDialogProps) {
  const router = useRouter();
  const opener = useRef<HTMLElement>(null);
  const [Window, ask] = useOnDemand(loadWindow);
  const [open, setOpen] = useState(true);
  useEffect(() => {
    opener.current = document.getElementById(WHY_BUTTON);
    void ask();
  }, [ask]);

  function change(next: boolean) {
    setOpen(next);
    if (!next) router.push(here, { scroll: false });
  }

  if (Window === null) return null;
  return (
    <Window {...words} onOpenChange={change} open={open} opener={opener}>
      {children}
    </Window>
  );
}
