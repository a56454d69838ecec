"use client";

import { Languages } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/app/_components/ui/button";
import { MenuButton } from "@/app/_components/ui/menu-button";

const loadMenu = async () =>
  (await import("@/app/_components/shell/preferences-menu-items")).PreferencesMenuItems;

/** Language and theme for whoever is not signed in. */
export function PreferencesMenu() {
  const t = useTranslations("shell");
  return (
    <MenuButton
      load={loadMenu}
      trigger={
        <Button size="sm" variant="ghost">
          <Languages aria-hidden />
          {t("preferences")}
        </Button>
      }
    />
  );
}
