import { useTranslations } from "next-intl";
import { cn } from "@/app/_components/cn";
import { Link } from "@/app/_components/link";

const tabs = [
  { key: "runs", href: "/history" },
  { key: "statistics", href: "/history/statistics" },
] as const;

/** The two faces of the history: run by run, and what they come to. */
export function HistoryTabs({ here }: { here: (typeof tabs)[number]["key"] }) {
  const t = useTranslations("history.tabs");
  return (
    <nav aria-label={t("title")} className="flex rounded-control border bg-sunken p-0.5">
      {tabs.map(({ key, href }) => (
        <Link
          aria-current={key === here ? "page" : undefined}
          className={cn(
            "rounded-md px-3 py-1 text-sm font-medium text-ink-muted hover:text-ink",
            key === here && "bg-surface text-ink shadow-card",
          )}
          href={href}
          key={key}
        >
          {t(key)}
        </Link>
      ))}
    </nav>
  );
}
