"use client";

import { useTranslations } from "next-intl";
import { ErrorState } from "@/app/_components/error-state";
import { Button } from "@/app/_components/ui/button";

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

export function ErrorPage({ error, reset }: ErrorPageProps) {
  const t = useTranslations("errors.page");
  return (
    <ErrorState
      actions={
        <>
          <Button onClick={reset} variant="primary">
            {t("retry")}
          </Button>
          <Button asChild>
            <a href="/integrations">{t("home")}</a>
          </Button>
        </>
      }
      reference={error.digest === undefined ? undefined : t("reference", { reference: error.digest })}
      title={t("title")}
    >
      <p>{t("body")}</p>
    </ErrorState>
  );
}
