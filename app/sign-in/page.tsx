import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { ProviderName } from "@/app/_components/provider-name";
import { ownPath } from "@/app/sign-in/_components/own-path";
import { SignInView } from "@/app/sign-in/_components/sign-in-view";
import { env } from "@/lib/platform/env";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("signIn");
  return { title: t("title") };
}

interface SignInPageProps {
  searchParams: Promise<{ error?: string | string[]; callbackUrl?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { error, callbackUrl } = await searchParams;
  const { google, SIGNUP, SUPPORT_URL, appOrigin } = env();
  const providers: ProviderName[] = google === null ? [] : ["google"];
  return (
    <SignInView
      callbackPath={ownPath(callbackUrl, appOrigin) ?? "/integrations"}
      error={typeof error === "string" ? error : null}
      inviteOnly={SIGNUP === "invite"}
      providers={providers}
      supportUrl={SUPPORT_URL || null}
    />
  );
}
