"use client";

import { Slot } from "radix-ui";
import { type ComponentType, type KeyboardEvent, type ReactElement, type ReactNode, useState } from "react";
import { useOnDemand } from "@/app/_components/use-on-demand";

/** What a menu gets when it takes its button over: it opens at once, as this means opens a menu. */
export interface OpenedMenuProps {
  trigger: ReactElement;
  openedBy: "pointer" | "keyboard";
  children?: ReactNode;
}

interface MenuButtonProps {
  trigger: ReactElement;
  load: () => Promise<ComponentType<OpenedMenuProps>>;
  children?: ReactNode;
}

/** The button of a menu whose code comes once somebody turns to it; from its first opening on it is the menu's. */
export function MenuButton({ trigger, load, children }: MenuButtonProps) {
  const [openedBy, setOpenedBy] = useState<OpenedMenuProps["openedBy"] | null>(null);
  const [Menu, ask] = useOnDemand(load);

  function open(by: OpenedMenuProps["openedBy"]) {
    setOpenedBy(by);
    void ask();
  }

  function openWithArrow(event: KeyboardEvent) {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    open("keyboard");
  }

  if (Menu !== null && openedBy !== null) {
    return (
      <Menu openedBy={openedBy} trigger={trigger}>
        {children}
      </Menu>
    );
  }
  return (
    <Slot.Root
      aria-expanded={false}
      aria-haspopup="menu"
      onClick={(event) => open(event.detail === 0 ? "keyboard" : "pointer")}
      onFocus={ask}
      onKeyDown={openWithArrow}
      onPointerEnter={ask}
    >
      {trigger}
    </Slot.Root>
  );
}
