"use client";

import { Ellipsis } from "lucide-react";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { cn } from "@/app/_components/cn";
import { Link } from "@/app/_components/link";
import { NAV_ENTRIES } from "@/app/_components/shell/nav-entries";

const cell =
  "flex h-16 w-full flex-col items-center justify-center gap-1 text-xs font-medium text-ink-muted hover:text-ink";
const row =
  "md:h-10 md:flex-row md:justify-start md:gap-3 md:rounded-control md:px-3 md:text-sm md:hover:bg-sunken";
const current = "text-brand hover:text-brand md:bg-brand-soft md:text-brand-ink md:hover:bg-brand-soft";

/** A bar at the bottom edge of a phone, a column from 768 px on. */
export function MainNav() {
  const t = useTranslations("shell");
  const pathname = usePathname();
  const isHere = (href: string) => pathname === href || pathname.startsWith(`${href}/`);
  return (
    <nav
      aria-label={t("mainNavigation")}
      className="fixed inset-x-0 bottom-0 z-40 border-t bg-surface pb-[env(safe-area-inset-bottom)] md:static md:mt-8 md:w-full md:border-0 md:bg-transparent md:p-0"
    >
      <ul className="flex md:flex-col md:gap-1">
        {NAV_ENTRIES.map(({ href, key, icon: Icon, onPhone }) => (
          <li className={cn("flex-auto", onPhone === "more" && "hidden md:block")} key={href}>
            <Link
              aria-current={isHere(href) ? "page" : undefined}
              className={cn(cell, row, isHere(href) && current)}
              href={href}
            >
              <Icon aria-hidden className="size-5 md:size-4.5" />
              {t(`nav.${key}`)}
            </Link>
          </li>
        ))}
        <li className="flex-auto md:hidden">
          <MoreEntries isHere={isHere} key={pathname} />
        </li>
      </ul>
    </nav>
  );
}

/** What a phone's bar has no room for. The browser's own popover: it closes by Escape or a touch beside it. */
function MoreEntries({ isHere }: { isHere: (href: string) => boolean }) {
  const t = useTranslations("shell");
  const more = NAV_ENTRIES.filter(({ onPhone }) => onPhone === "more");
  return (
    <>
      <button
        className={cn(cell, more.some(({ href }) => isHere(href)) && current)}
        popoverTarget="more-pages"
        type="button"
      >
        <Ellipsis aria-hidden className="size-5" />
        {t("nav.more")}
      </button>
      <ul
        className="fixed inset-auto right-2 bottom-[calc(4.5rem+env(safe-area-inset-bottom))] m-0 w-56 rounded-card border bg-surface p-1.5 text-ink shadow-pop"
        id="more-pages"
        popover="auto"
      >
        {more.map(({ href, key, icon: Icon }) => (
          <li key={href}>
            <Link
              aria-current={isHere(href) ? "page" : undefined}
              className={cn(
                "flex h-11 items-center gap-3 rounded-control px-3 text-sm font-medium hover:bg-sunken",
                isHere(href) && "bg-brand-soft text-brand-ink",
              )}
              href={href}
            >
              <Icon aria-hidden className="size-4.5" />
              {t(`nav.${key}`)}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
