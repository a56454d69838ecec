"use client";

import { LogOut, Settings } from "lucide-react";
import { useTranslations } from "next-intl";
import { Link } from "@/app/_components/link";
import { postToAuth } from "@/app/_components/post-to-auth";
import { PreferenceItems } from "@/app/_components/shell/preference-items";
import { DropdownMenu, DropdownMenuItem, DropdownMenuSeparator } from "@/app/_components/ui/dropdown-menu";
import type { OpenedMenuProps } from "@/app/_components/ui/menu-button";

async function signOut() {
  await postToAuth("signout", "/sign-in");
  window.location.assign("/sign-in");
}

/** The menu of whoever is signed in; `children` say who that is. */
export function UserMenuItems({ children, ...opened }: OpenedMenuProps) {
  const t = useTranslations("shell");
  const tSettings = useTranslations("settings");
  return (
    <DropdownMenu {...opened}>
      {children}
      <DropdownMenuSeparator />
      <DropdownMenuItem asChild>
        <Link href="/settings">
          <Settings aria-hidden />
          {tSettings("title")}
        </Link>
      </DropdownMenuItem>
      <DropdownMenuSeparator />
      <PreferenceItems />
      <DropdownMenuSeparator />
      <DropdownMenuItem onSelect={signOut}>
        <LogOut aria-hidden />
        {t("signOut")}
      </DropdownMenuItem>
    </DropdownMenu>
  );
}
