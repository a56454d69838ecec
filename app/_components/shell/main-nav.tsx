"use client";

import { CalendarRange, History, type LucideIcon, Plug } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { cn } from "@/app/_components/cn";

const entries = [
  { href: "/integrations", key: "integrations", icon: Plug },
  { href: "/calendar", key: "calendar", icon: CalendarRange },
  { href: "/history", key: "history", icon: History },
] as const satisfies { href: string; key: string; icon: LucideIcon }[];

/** A bar at the bottom edge of a phone, a column from 768 px on. */
export function MainNav() {
  const t = useTranslations("shell");
  const pathname = usePathname();
  return (
    <nav
      aria-label={t("mainNavigation")}
      className="fixed inset-x-0 bottom-0 z-40 border-t bg-surface pb-[env(safe-area-inset-bottom)] md:static md:mt-8 md:w-full md:border-0 md:bg-transparent md:p-0"
    >
      <ul className="flex md:flex-col md:gap-1">
        {entries.map(({ href, key, icon: Icon }) => {
          const here = pathname === href || pathname.startsWith(`${href}/`);
          return (
            <li className="flex-1" key={href}>
              <Link
                aria-current={here ? "page" : undefined}
                className={cn(
                  "flex h-16 flex-col items-center justify-center gap-1 text-xs font-medium text-ink-muted hover:text-ink md:h-10 md:flex-row md:justify-start md:gap-3 md:rounded-control md:px-3 md:text-sm md:hover:bg-sunken",
                  here &&
                    "text-brand hover:text-brand md:bg-brand-soft md:text-brand-ink md:hover:bg-brand-soft",
                )}
                href={href}
              >
                <Icon aria-hidden className="size-5 md:size-4.5" />
                {t(`nav.${key}`)}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
