import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Alert } from "@/app/_components/ui/alert";

// next-auth's codes for its `error` parameter, next-auth.js.org/configuration/pages#sign-in-page, and our own.
const codes = {
  AccessDenied: "denied",
  Callback: "interrupted",
  Configuration: "configuration",
  OAuthCallback: "interrupted",
  OAuthSignin: "provider",
  SessionRequired: "expired",
  invite_only: "inviteOnly",
  disabled: "disabled",
} as const;

export type SignInErrorKey = (typeof codes)[keyof typeof codes] | "unknown";

/** Which of our sentences tells an `error` of the address. */
export function signInErrorKey(error: string): SignInErrorKey {
  return Object.entries(codes).find(([code]) => code === error)?.[1] ?? "unknown";
}

export function SignInError({ error, supportUrl }: { error: string; supportUrl: string | null }) {
  const t = useTranslations("signIn");
  const key = signInErrorKey(error);
  return (
    <Alert
      icon={CircleAlert}
      role="alert"
      title={t(`error.${key}.title`)}
      tone={key === "expired" ? "info" : "danger"}
    >
      <p>{t(`error.${key}.body`)}</p>
      {supportUrl !== null && key !== "expired" && (
        <a className="mt-1 inline-flex min-h-6 items-center underline underline-offset-4" href={supportUrl}>
          {t("support")}
        </a>
      )}
    </Alert>
  );
}
