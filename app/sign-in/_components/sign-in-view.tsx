import { CalendarCheck2, Radio, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ProviderName } from "@/app/_components/provider-name";
import { Logo } from "@/app/_components/shell/logo";
import { PreferencesMenu } from "@/app/_components/shell/preferences-menu";
import { Alert } from "@/app/_components/ui/alert";
import type { SignInError as SignInErrorCode } from "@/app/_session/sign-in-error";
import { SignInButton } from "@/app/sign-in/_components/sign-in-button";
import { SignInError } from "@/app/sign-in/_components/sign-in-error";

interface SignInViewProps {
  /** The vendors that are set up here. */
  providers: ProviderName[];
  returnTo: string;
  error: SignInErrorCode | null;
  /** Who signs in for the first time cannot: an invitation is needed. */
  inviteOnly: boolean;
  supportUrl: string | null;
}

const promises = [
  { key: "blocks", icon: CalendarCheck2 },
  { key: "live", icon: Radio },
  { key: "private", icon: ShieldCheck },
] as const;

export function SignInView({ providers, returnTo, error, inviteOnly, supportUrl }: SignInViewProps) {
  const t = useTranslations("signIn");
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="mx-auto flex w-full max-w-5xl items-center justify-between px-4 py-4 sm:px-8">
        <Logo />
        <PreferencesMenu />
      </header>
      <main className="mx-auto grid w-full max-w-5xl flex-1 content-center items-center gap-10 px-4 py-8 sm:px-8 lg:grid-cols-[minmax(0,1fr)_25rem] lg:gap-16">
        <section className="order-last lg:order-first">
          <p className="max-w-lg text-2xl font-semibold tracking-tight text-balance sm:text-4xl sm:leading-tight">
            {t("headline")}
          </p>
          <ul className="mt-8 space-y-5">
            {promises.map(({ key, icon: Icon }) => (
              <li className="flex gap-4" key={key}>
                <span className="grid size-10 shrink-0 place-items-center rounded-full bg-brand-soft text-brand-ink">
                  <Icon aria-hidden className="size-5" />
                </span>
                <div>
                  <p className="font-semibold">{t(`promise.${key}.title`)}</p>
                  <p className="max-w-md text-ink-muted">{t(`promise.${key}.body`)}</p>
                </div>
              </li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="sign-in" className="rounded-card border bg-surface p-6 shadow-pop sm:p-8">
          <h1 className="text-xl font-semibold" id="sign-in">
            {t("title")}
          </h1>
          <p className="mt-1 text-ink-muted">{inviteOnly ? t("inviteOnly") : t("firstTime")}</p>
          <div className="mt-6 space-y-3">
            {error !== null && <SignInError code={error} supportUrl={supportUrl} />}
            {providers.map((provider) => (
              <SignInButton returnTo={returnTo} key={provider} provider={provider} />
            ))}
            {providers.length === 0 && <Alert icon={ShieldCheck} title={t("noProvider")} tone="warning" />}
          </div>
          <p className="mt-5 text-sm text-ink-muted">{t("onlyIdentity")}</p>
        </section>
      </main>
    </div>
  );
}
