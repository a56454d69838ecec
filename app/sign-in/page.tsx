import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { getSession } from "@/app/_session/gate";
import { returnPath } from "@/app/_session/return-to";
import { isSignInError } from "@/app/_session/sign-in-error";
import { SignInView } from "@/app/sign-in/_components/sign-in-view";
import { runtime } from "@/inngest/runtime";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("signIn");
  return { title: t("title") };
}

interface SignInPageProps {
  searchParams: Promise<{ error?: string | string[]; returnTo?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const given = await searchParams;
  const { env, identities } = runtime();
  const returnTo = returnPath(typeof given.returnTo === "string" ? given.returnTo : null, env.appOrigin);
  if (given.error === undefined && (await getSession()) !== null) redirect(returnTo);
  return (
    <SignInView
      error={isSignInError(given.error) ? given.error : null}
      inviteOnly={env.SIGNUP === "invite"}
      providers={identities.map((identity) => identity.vendor)}
      returnTo={returnTo}
      supportUrl={env.SUPPORT_URL || null}
    />
  );
}
