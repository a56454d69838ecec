"use client";

import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode, RefObject } from "react";

export interface DialogWindowProps {
  title: string;
  description: string;
  closeLabel: string;
  children: ReactNode;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Gets the focus back. */
  opener: RefObject<HTMLElement | null>;
}

/** A modal: centred on a large screen, a sheet from the bottom edge on a phone. */
export function DialogWindow(props: DialogWindowProps) {
  const { title, description, closeLabel, children, open, onOpenChange, opener } = props;

  function giveFocusBack(event: Event) {
    event.preventDefault();
    opener.current?.focus();
  }

  return (
    <Primitive.Root onOpenChange={onOpenChange} open={open}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-50 bg-black/50" />
        <Primitive.Content
          className="fixed inset-x-0 bottom-0 z-50 max-h-[92dvh] animate-rise overflow-y-auto rounded-t-card border bg-surface p-5 pb-[max(1.25rem,env(safe-area-inset-bottom))] shadow-pop sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-[min(34rem,calc(100vw-2rem))] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-card sm:p-6"
          onCloseAutoFocus={giveFocusBack}
        >
          <Primitive.Title className="pr-10 text-lg font-semibold">{title}</Primitive.Title>
          <Primitive.Description className="mt-1 text-sm text-ink-muted">{description}</Primitive.Description>
          <div className="mt-5">{children}</div>
          <Primitive.Close
            aria-label={closeLabel}
            className="absolute top-4 right-4 grid size-8 place-items-center rounded-control text-ink-muted hover:bg-sunken hover:text-ink"
          >
            <X aria-hidden className="size-4" />
          </Primitive.Close>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
