import { Compass } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { EmptyState } from "@/app/_components/empty-state";
import { Button } from "@/app/_components/ui/button";

export default async function NotFound() {
  const t = await getTranslations("errors.notFound");
  return (
    <main className="mx-auto max-w-xl px-4 py-16 sm:py-24">
      <EmptyState
        action={
          <Button asChild variant="primary">
            <Link href="/">{t("home")}</Link>
          </Button>
        }
        heading="h1"
        icon={Compass}
        title={t("title")}
      >
        <p>{t("body")}</p>
      </EmptyState>
    </main>
  );
}
