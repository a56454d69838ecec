import { useTranslations } from "next-intl";
import { Skeleton } from "@/app/_components/ui/skeleton";

export default function SettingsSkeleton() {
  const t = useTranslations("common");
  return (
    <div className="space-y-6" role="status">
      <span className="sr-only">{t("loading")}</span>
      <Skeleton className="h-9 w-48" />
      <Skeleton className="h-96 w-full" />
      <Skeleton className="h-48 w-full" />
    </div>
  );
}
