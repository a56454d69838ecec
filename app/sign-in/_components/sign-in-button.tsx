"use client";

import { Loader2, LogIn } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { postToAuth } from "@/app/_components/post-to-auth";
import { PROVIDER_TITLES, type ProviderName } from "@/app/_components/provider-name";
import { Button } from "@/app/_components/ui/button";

interface SignInButtonProps {
  provider: ProviderName;
  /** A path of ours to come back to. */
  callbackPath: string;
}

export function SignInButton({ provider, callbackPath }: SignInButtonProps) {
  const t = useTranslations("signIn");
  const [leaving, setLeaving] = useState(false);

  async function signIn() {
    setLeaving(true);
    try {
      window.location.assign(await postToAuth(`signin/${provider}`, callbackPath));
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
