"use client";

import { Slot } from "radix-ui";
import { createContext, type ReactElement, use, useRef } from "react";
import type { DialogWindowProps } from "@/app/_components/ui/dialog-window";
import { useOnDemand } from "@/app/_components/use-on-demand";

const loadWindow = async () => (await import("@/app/_components/ui/dialog-window")).DialogWindow;

const Close = createContext<() => void>(() => undefined);

interface DialogProps extends Omit<DialogWindowProps, "opener"> {
  trigger: ReactElement;
}

/** A button and its modal, whose code comes once somebody turns to the button. Focus returns to the trigger. */
export function Dialog({ trigger, open, onOpenChange, ...content }: DialogProps) {
  const opener = useRef<HTMLButtonElement>(null);
  const [Window, ask] = useOnDemand(loadWindow);

  async function show() {
    onOpenChange(true);
    if (!(await ask())) onOpenChange(false);
  }

  return (
    <Close value={() => onOpenChange(false)}>
      <Slot.Root
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={show}
        onFocus={ask}
        onPointerEnter={ask}
        ref={opener}
      >
        {trigger}
      </Slot.Root>
      {Window !== null && <Window {...content} onOpenChange={onOpenChange} open={open} opener={opener} />}
    </Close>
  );
}

/** Gives its only child, a button, the power to close the dialog around it. */
export function DialogClose({ children }: { children: ReactElement }) {
  return <Slot.Root onClick={use(Close)}>{children}</Slot.Root>;
}
