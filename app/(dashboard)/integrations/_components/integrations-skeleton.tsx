import { useTranslations } from "next-intl";
import { Card, CardHeader, CardSection } from "@/app/_components/ui/card";
import { Skeleton } from "@/app/_components/ui/skeleton";

export function IntegrationsSkeleton() {
  const t = useTranslations("common");
  return (
    <div className="space-y-8" role="status">
      <span className="sr-only">{t("loading")}</span>
      <Skeleton className="h-9 w-56" />
      <Card>
        <CardHeader>
          <Skeleton className="size-11" />
          <div className="min-w-0 flex-1 space-y-2">
            <Skeleton className="h-5 w-52" />
            <Skeleton className="h-4 w-72 max-w-full" />
          </div>
        </CardHeader>
        <CardSection className="space-y-4">
          <Skeleton className="h-6 w-full" />
          <Skeleton className="h-6 w-full" />
          <Skeleton className="h-6 w-2/3" />
        </CardSection>
      </Card>
    </div>
  );
}
