"use client";

import { Loader2, LogIn } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { postToAuth } from "@/app/_components/post-to-auth";
import { PROVIDER_TITLES, type ProviderName } from "@/app/_components/provider-name";
import { Button } from "@/app/_components/ui/button";
import { toast } from "@/app/_components/ui/toast";
import { TIME_ZONE_COOKIE } from "@/app/_i18n/locale";

interface SignInButtonProps {
  provider: ProviderName;
  /** A path of ours to come back to. */
  returnTo: string;
}

/** For the first sign-in, when the user's zone is not known yet. */
function rememberTimeZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari before 18.4
  document.cookie = `${TIME_ZONE_COOKIE}=${zone}; path=/; max-age=31536000; samesite=lax`;
}

export function SignInButton({ provider, returnTo }: SignInButtonProps) {
  const t = useTranslations("signIn");
  const [leaving, setLeaving] = useState(false);

  async function signIn() {
    setLeaving(true);
    rememberTimeZone();
    try {
      window.location.assign(await postToAuth(`signin/${provider}`, returnTo));
    } catch {
      setLeaving(false);
      toast.error(t("unreachable"));
    }
  }

  return (
    <Button className="w-full" disabled={leaving} onClick={signIn} size="lg" variant="primary">
      {leaving ? <Loader2 aria-hidden className="animate-spin" /> : <LogIn aria-hidden />}
      {t("with", { provider: PROVIDER_TITLES[provider] })}
    </Button>
  );
}
