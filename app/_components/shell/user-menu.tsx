"use client";

import { ChevronsUpDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { MenuButton } from "@/app/_components/ui/menu-button";

export interface UserMenuProps {
  name: string;
  email: string;
  organizationName: string;
}

const loadMenu = async () => (await import("@/app/_components/shell/user-menu-items")).UserMenuItems;

export function UserMenu({ name, email, organizationName }: UserMenuProps) {
  const t = useTranslations("shell");
  const initials = name.split(/\s+/, 2).map((word) => word.charAt(0).toUpperCase());
  return (
    <MenuButton
      load={loadMenu}
      trigger={
        <button
          className="flex items-center gap-3 rounded-control p-1.5 text-left hover:bg-sunken md:w-full"
          type="button"
        >
          <span
            aria-hidden
            className="grid size-8 shrink-0 place-items-center rounded-full bg-brand text-xs font-semibold text-on-brand"
          >
            {initials}
          </span>
          <span className="sr-only">{t("account")}</span>
          <span className="sr-only min-w-0 flex-1 md:not-sr-only">
            <span className="block truncate text-sm font-medium">{name}</span>
            <span className="block truncate text-xs text-ink-muted">{organizationName}</span>
          </span>
          <ChevronsUpDown aria-hidden className="hidden size-4 shrink-0 text-ink-muted md:block" />
        </button>
      }
    >
      <div className="px-2.5 pt-1.5 pb-2">
        <p className="truncate text-sm font-medium">{name}</p>
        <p className="truncate text-xs text-ink-muted">{email}</p>
      </div>
    </MenuButton>
  );
}
