import { useTranslations } from "next-intl";
import { Skeleton } from "@/app/_components/ui/skeleton";

const lines = ["w-full", "w-11/12", "w-full", "w-10/12", "w-full", "w-11/12"];

export function HistorySkeleton() {
  const t = useTranslations("common");
  return (
    <div className="space-y-6" role="status">
      <span className="sr-only">{t("loading")}</span>
      <Skeleton className="h-9 w-56" />
      <Skeleton className="h-24 w-full" />
      <div className="space-y-4 rounded-card border bg-surface p-5">
        {lines.map((width, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change
          <Skeleton className={`h-6 ${width}`} key={line} />
        ))}
      </div>
    </div>
  );
}
