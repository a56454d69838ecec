import { CalendarX2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/app/_components/empty-state";
import { PublicShell } from "@/app/_components/public/public-shell";

/** An unknown person, one who is gone and a service nobody offers look the same. */
export function NothingHere() {
  const t = useTranslations("publicBooking.notFound");
  return (
    <PublicShell path="" query={{}}>
      <div className="mx-auto max-w-xl">
        <EmptyState heading="h1" icon={CalendarX2} title={t("title")}>
          <p>{t("body")}</p>
        </EmptyState>
      </div>
    </PublicShell>
  );
}
