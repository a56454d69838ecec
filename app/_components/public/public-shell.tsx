import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { addressOf, type Query } from "@/app/_components/public/address";
import { Logo } from "@/app/_components/shell/logo";
import { LOCALE_PARAMETER } from "@/app/_i18n/locale";

interface PublicShellProps {
  /** The page's own address, which the other language leads to as well. */
  path: string;
  query: Query;
  children: ReactNode;
}

// A language is named in itself, so that whoever cannot read the current one finds theirs.
const languages = [
  { locale: "en", name: "English" },
  { locale: "fr", name: "Français" },
] as const;

/** The frame of the pages for people without an account. Links and forms alone: nothing here waits for a script. */
export function PublicShell({ path, query, children }: PublicShellProps) {
  const t = useTranslations("publicBooking");
  const current = useLocale();
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        className="fixed top-3 left-3 z-50 -translate-y-20 rounded-control bg-brand px-4 py-2 text-sm font-medium text-on-brand focus:translate-y-0"
        href="#content"
      >
        {t("skip")}
      </a>
      <header className="mx-auto flex w-full max-w-5xl items-center justify-between gap-4 px-4 py-3 sm:px-8 sm:py-5">
        <Logo />
        <nav aria-label={t("language")} className="flex gap-1">
          {languages.map(({ locale, name }) => (
            <a
              aria-current={locale === current ? "true" : undefined}
              className="flex h-11 items-center rounded-control px-3 text-sm text-ink-muted hover:bg-sunken hover:text-ink aria-[current]:font-semibold aria-[current]:text-ink"
              href={addressOf(path, { ...query, [LOCALE_PARAMETER]: locale })}
              hrefLang={locale}
              key={locale}
              lang={locale}
            >
              {name}
            </a>
          ))}
        </nav>
      </header>
      <main
        className="mx-auto w-full max-w-5xl flex-1 px-4 pt-4 pb-16 outline-none sm:px-8 sm:pt-8"
        id="content"
        tabIndex={-1}
      >
        {children}
      </main>
    </div>
  );
}
