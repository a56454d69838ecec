import { useTranslations } from "next-intl";
import { Skeleton } from "@/app/_components/ui/skeleton";

/** The outline of a page that is a title and a list of cards. */
export function ListSkeleton({ lines }: { lines: number }) {
  const t = useTranslations("common");
  return (
    <div className="space-y-8" role="status">
      <span className="sr-only">{t("loading")}</span>
      <div className="space-y-3">
        <Skeleton className="h-9 w-48" />
        <Skeleton className="h-5 w-96 max-w-full" />
      </div>
      <div className="divide-y rounded-card border bg-surface shadow-card">
        {Array.from({ length: lines }, (_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change
          <div className="space-y-3 px-4 py-5 sm:px-6" key={line}>
            <Skeleton className="h-5 w-56 max-w-full" />
            <Skeleton className="h-4 w-80 max-w-full" />
          </div>
        ))}
      </div>
    </div>
  );
}
