"use client";

import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import { type ComponentProps, useEffect, useRef, useState } from "react";
import { cn } from "@/app/_components/cn";
import type { OpenedMenuProps } from "@/app/_components/ui/menu-button";

const item =
  "flex min-h-9 w-full cursor-default items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm outline-none select-none data-[disabled]:opacity-55 data-[highlighted]:bg-brand-soft data-[highlighted]:text-brand-ink [&_svg]:size-4 [&_svg]:shrink-0";

/** A menu that is open from its beginning. */
export function DropdownMenu({ trigger, openedBy, children }: OpenedMenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);

  // With the key replayed, the menu knows that it is used by keyboard and begins at its first entry.
  useEffect(() => {
    const key = new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true });
    if (openedBy === "keyboard") button.current?.dispatchEvent(key);
    else setOpen(true);
  }, [openedBy]);

  return (
    <Primitive.Root modal={false} onOpenChange={setOpen} open={open}>
      <Primitive.Trigger asChild ref={button}>
        {trigger}
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align="end"
          className="z-50 min-w-56 animate-rise rounded-card border bg-surface p-1.5 shadow-pop"
          collisionPadding={8}
          sideOffset={6}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export function DropdownMenuItem({ className, ...props }: ComponentProps<typeof Primitive.Item>) {
  return <Primitive.Item className={cn(item, className)} {...props} />;
}

export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return <Primitive.Label className={cn("px-2.5 pt-2 pb-1 text-xs text-ink-muted", className)} {...props} />;
}

export function DropdownMenuSeparator() {
  return <Primitive.Separator className="-mx-1.5 my-1.5 h-px bg-line" />;
}

export const DropdownMenuRadioGroup = Primitive.RadioGroup;

export function DropdownMenuRadioItem({
  className,
  children,
  ...props
}: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={cn(item, "justify-between", className)} {...props}>
      <span className="flex items-center gap-2.5">{children}</span>
      <Primitive.ItemIndicator>
        <Check aria-hidden />
      </Primitive.ItemIndicator>
    </Primitive.RadioItem>
  );
}
