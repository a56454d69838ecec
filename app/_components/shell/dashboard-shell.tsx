import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@/app/_components/cn";
import { Link } from "@/app/_components/link";
import { Logo } from "@/app/_components/shell/logo";
import { MainNav } from "@/app/_components/shell/main-nav";
import { UserMenu, type UserMenuProps } from "@/app/_components/shell/user-menu";

interface DashboardShellProps {
  user: UserMenuProps;
  /** Above every page, e.g. a `ConnectionBanner`. */
  banner?: ReactNode;
  /** What waits for this person, e.g. a `NotificationBell`. */
  bell?: ReactNode;
  /** Whether the page is live, e.g. a `LiveIndicator`. */
  live?: ReactNode;
  children: ReactNode;
}

/**
 * While there is nothing in it: a live refresh lets go of the outlines of other pages, and on a slow link a click may
 * be faster than they come again.
 */
const unread =
  "empty:before:block empty:before:h-64 empty:before:animate-pulse empty:before:rounded-card empty:before:bg-neutral-soft";

/** The frame of every signed-in page. One header: a bar on a phone, a column from 768 px on. */
export function DashboardShell({ user, banner, bell, live, children }: DashboardShellProps) {
  const t = useTranslations("shell");
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15.5rem_minmax(0,1fr)]">
      <a
        className="fixed top-3 left-3 z-50 -translate-y-20 rounded-control bg-brand px-4 py-2 text-sm font-medium text-on-brand focus:translate-y-0"
        href="#content"
      >
        {t("skipToContent")}
      </a>
      <header className="sticky top-0 z-40 flex h-14 items-center gap-3 border-b bg-surface px-4 md:h-dvh md:flex-col md:items-start md:gap-0 md:border-r md:border-b-0 md:px-4 md:py-5">
        <Link aria-label={t("home")} className="flex rounded-control md:px-2" href="/integrations">
          {/* The narrowest of phones have no room for the name beside the bell. */}
          <Logo className="max-[22.5rem]:[&>span]:hidden" />
        </Link>
        {/* Read and reached beside the name, where a wide screen shows it. */}
        <div className="max-md:order-1">{bell}</div>
        <MainNav />
        <div className="ml-auto md:mt-auto md:ml-0 md:px-3 md:pb-3">{live}</div>
        <div className="max-md:order-2 md:w-full md:border-t md:pt-3">
          <UserMenu {...user} />
        </div>
      </header>
      {/* A page that says itself what a banner says names it in `data-told-here`. */}
      <div className="min-w-0 pb-20 md:pb-0 [&:has([data-told-here~=connections])_[data-banner=connections]]:hidden [&:has([data-told-here~=schedule])_[data-banner=schedule]]:hidden">
        {banner}
        <main
          className={cn("mx-auto max-w-5xl px-4 py-6 outline-none sm:px-8 sm:py-10", unread)}
          id="content"
          tabIndex={-1}
        >
          {children}
        </main>
      </div>
    </div>
  );
}
