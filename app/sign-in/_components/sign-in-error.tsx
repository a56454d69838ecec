import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Alert } from "@/app/_components/ui/alert";
import type { SignInError as SignInErrorCode } from "@/app/_session/sign-in-error";

interface SignInErrorProps {
  code: SignInErrorCode;
  supportUrl: string | null;
}

/** How a sign-in failed, what to do, and where help is. */
export function SignInError({ code, supportUrl }: SignInErrorProps) {
  const t = useTranslations("signIn");
  return (
    <Alert
      icon={CircleAlert}
      role="alert"
      title={t(`error.${code}.title`)}
      tone={code === "denied" ? "warning" : "danger"}
    >
      <p>{t(`error.${code}.body`)}</p>
      {supportUrl !== null && (
        <a className="mt-1 inline-flex min-h-6 items-center underline underline-offset-4" href={supportUrl}>
          {t("support")}
        </a>
      )}
    </Alert>
  );
}
