import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { ConnectOutcome } from "@/app/_components/connect/connect-outcome";
import type { Outcome } from "@/app/_components/connect/outcomes";
import { PermissionSummary } from "@/app/_components/connect/permission-summary";
import { PageHeader } from "@/app/_components/page-header";
import { calendarProducts } from "@/app/_components/provider-name";
import { Button } from "@/app/_components/ui/button";
import { Card, CardHeader, CardSection } from "@/app/_components/ui/card";
import { requireCtx } from "@/app/_session/gate";
import { runtime } from "@/inngest/runtime";
import { type OpenedLink, openAttemptLink } from "@/lib/connections/attempt-link";
import type { Ctx } from "@/lib/organizations/context";
import { AppError } from "@/lib/platform/errors";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("connect.link");
  // Not "no-referrer": with it browsers post the form below with `Origin: null`, which no gate can accept.
  return { title: t("title"), referrer: "same-origin" };
}

interface LinkPageProps {
  params: Promise<{ token: string }>;
}

/** Before anybody leaves for a vendor on another program's behalf: who will be connected, and to what. */
export default async function LinkPage({ params }: LinkPageProps) {
  const { token } = await params;
  const opened = await openOrEnding(await requireCtx(), token);
  const t = await getTranslations("connect.link");
  if (typeof opened === "string") {
    return (
      <ConnectOutcome outcome={opened} provider="google" supportUrl={runtime().env.SUPPORT_URL || null} />
    );
  }
  const { vendor, name, email, accountEmail } = opened;
  const product = calendarProducts(await getLocale())[vendor];
  return (
    <>
      <PageHeader description={t("description")} title={t("title")} />
      <Card>
        <CardHeader>
          <div className="min-w-0 flex-1 basis-56">
            <h2 className="text-lg font-semibold">{t("who", { name, product })}</h2>
            <p className="text-sm text-ink-muted">
              {accountEmail === null ? t("signedInAs", { email }) : t("renews", { account: accountEmail })}
            </p>
          </div>
          <form action={`/api/integrations/links/${encodeURIComponent(token)}`} method="post">
            <Button type="submit" variant="primary">
              {t("continue", { product })}
            </Button>
          </form>
        </CardHeader>
        <CardSection>
          <PermissionSummary provider={vendor} />
        </CardSection>
      </Card>
    </>
  );
}

async function openOrEnding(ctx: Ctx, token: string): Promise<OpenedLink | Outcome> {
  try {
    return await openAttemptLink(ctx, token);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "forbidden") return "state_mismatch";
    if (error.code === "attempt_finished") return "expired";
    return notFound();
  }
}
