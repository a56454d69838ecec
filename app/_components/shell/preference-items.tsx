"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useTheme } from "next-themes";
import {
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
} from "@/app/_components/ui/dropdown-menu";
import { setLocale } from "@/app/_i18n/actions";

// A language is named in itself, so that whoever cannot read the current one finds theirs.
const languages = [
  { locale: "en", name: "English" },
  { locale: "fr", name: "Français" },
] as const;

const themes = [
  { theme: "system", icon: Monitor },
  { theme: "light", icon: Sun },
  { theme: "dark", icon: Moon },
] as const;

/** Language and theme, as parts of a menu. */
export function PreferenceItems() {
  const t = useTranslations("shell");
  const locale = useLocale();
  const { theme, setTheme } = useTheme();
  return (
    <>
      <DropdownMenuLabel id="menu-language">{t("language")}</DropdownMenuLabel>
      <DropdownMenuRadioGroup
        aria-labelledby="menu-language"
        onValueChange={(next) => setLocale(next)}
        value={locale}
      >
        {languages.map((language) => (
          <DropdownMenuRadioItem key={language.locale} lang={language.locale} value={language.locale}>
            {language.name}
          </DropdownMenuRadioItem>
        ))}
      </DropdownMenuRadioGroup>
      <DropdownMenuSeparator />
      <DropdownMenuLabel id="menu-theme">{t("theme.title")}</DropdownMenuLabel>
      <DropdownMenuRadioGroup aria-labelledby="menu-theme" onValueChange={setTheme} value={theme}>
        {themes.map(({ theme: value, icon: Icon }) => (
          <DropdownMenuRadioItem key={value} value={value}>
            <Icon aria-hidden />
            {t(`theme.${value}`)}
          </DropdownMenuRadioItem>
        ))}
      </DropdownMenuRadioGroup>
    </>
  );
}
