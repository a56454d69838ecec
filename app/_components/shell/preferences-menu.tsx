"use client";

import { Languages } from "lucide-react";
import { useTranslations } from "next-intl";
import { PreferenceItems } from "@/app/_components/shell/preference-items";
import { Button } from "@/app/_components/ui/button";
import { DropdownMenu } from "@/app/_components/ui/dropdown-menu";

/** Language and theme for whoever is not signed in. */
export function PreferencesMenu() {
  const t = useTranslations("shell");
  return (
    <DropdownMenu
      trigger={
        <Button size="sm" variant="ghost">
          <Languages aria-hidden />
          {t("preferences")}
        </Button>
      }
    >
      <PreferenceItems />
    </DropdownMenu>
  );
}
