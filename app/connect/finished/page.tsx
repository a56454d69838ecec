import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AnnounceOutcome } from "@/app/_components/connect/announce-outcome";
import { ConnectOutcome } from "@/app/_components/connect/connect-outcome";
import { canTryAgain, isOutcome } from "@/app/_components/connect/outcomes";
import { connectHref } from "@/app/_components/connect/start-connect";
import { Logo } from "@/app/_components/shell/logo";
import { Button } from "@/app/_components/ui/button";
import { env } from "@/lib/platform/env";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("connect");
  return { title: t("finishedTitle") };
}

interface FinishedPageProps {
  searchParams: Promise<{
    outcome?: string;
    attempt?: string;
    provider?: string;
    reason?: string;
    integrationId?: string;
  }>;
}

/** Where a consent ends in the popup. The root layout puts the outcome on the body. */
export default async function FinishedPage({ searchParams }: FinishedPageProps) {
  const given = await searchParams;
  const outcome = isOutcome(given.outcome) ? given.outcome : "state_mismatch";
  const provider = given.provider === "microsoft" ? "microsoft" : "google";
  const request = { provider, integrationId: given.integrationId } as const;
  const t = await getTranslations("connect");
  return (
    <main className="mx-auto flex min-h-dvh max-w-xl flex-col justify-center gap-6 px-4 py-8">
      <h1 className="flex">
        <Logo />
      </h1>
      <ConnectOutcome
        outcome={outcome}
        provider={provider}
        reason={given.reason ?? null}
        retry={
          <>
            {canTryAgain(outcome) && (
              <Button asChild variant="primary">
                <a href={`${connectHref(request)}&popup=1`}>{t("tryAgain")}</a>
              </Button>
            )}
            <AnnounceOutcome attemptId={given.attempt ?? ""} outcome={outcome} {...request} />
          </>
        }
        supportUrl={env().SUPPORT_URL || null}
      />
      <p className="text-sm text-ink-muted">
        {t.rich("continueHere", {
          link: (words) => (
            <a className="text-brand underline underline-offset-4" href="/integrations">
              {words}
            </a>
          ),
        })}
      </p>
    </main>
  );
}
