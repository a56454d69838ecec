import { useTranslations } from "next-intl";
import { Skeleton } from "@/app/_components/ui/skeleton";

const lines = ["w-1/3", "w-2/3", "w-1/2", "w-3/5", "w-2/5"];

export function CalendarSkeleton() {
  const t = useTranslations("common");
  return (
    <div className="space-y-6" role="status">
      <span className="sr-only">{t("loading")}</span>
      <div className="flex items-end justify-between gap-6">
        <Skeleton className="h-9 w-48" />
        <Skeleton className="h-10 w-36" />
      </div>
      <Skeleton className="h-10 w-full" />
      <div className="space-y-5 rounded-card border bg-surface p-5 lg:h-[34rem]">
        {lines.map((width, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change
          <Skeleton className={`h-8 ${width}`} key={line} />
        ))}
      </div>
    </div>
  );
}
