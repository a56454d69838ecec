"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "@/app/_components/ui/button";

const HOME = "/integrations";

interface ReconnectActionProps {
  integrationId: string;
  /** What starts the consent. */
  href: string;
}

/** The banner's way out. Where the account's own card offers to reconnect, the banner only leads there. */
export function ReconnectAction({ integrationId, href }: ReconnectActionProps) {
  const t = useTranslations("shell.banner");
  const beside = usePathname() === HOME;
  return (
    <Button asChild size="sm" variant={beside ? "secondary" : "danger"}>
      <a href={beside ? `#integration-${integrationId}` : href}>{t(beside ? "account" : "action")}</a>
    </Button>
  );
}
