"use client";

import { PreferenceItems } from "@/app/_components/shell/preference-items";
import { DropdownMenu } from "@/app/_components/ui/dropdown-menu";
import type { OpenedMenuProps } from "@/app/_components/ui/menu-button";

export function PreferencesMenuItems(opened: OpenedMenuProps) {
  return (
    <DropdownMenu {...opened}>
      <PreferenceItems />
    </DropdownMenu>
  );
}
