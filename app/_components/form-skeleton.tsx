import { useTranslations } from "next-intl";
import { Skeleton } from "@/app/_components/ui/skeleton";

/** The outline of a page that is a title and a form. */
export function FormSkeleton() {
  const t = useTranslations("common");
  return (
    <div className="max-w-3xl space-y-6" role="status">
      <span className="sr-only">{t("loading")}</span>
      <Skeleton className="h-9 w-64 max-w-full" />
      <Skeleton className="h-72 w-full rounded-card" />
      <Skeleton className="h-52 w-full rounded-card" />
    </div>
  );
}
