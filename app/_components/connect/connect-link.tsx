"use client";

import { Loader2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ComponentProps, MouseEvent, ReactNode } from "react";
import {
  type ConnectActions,
  type ConnectRequest,
  connectHref,
} from "@/app/_components/connect/start-connect";
import { useConnect } from "@/app/_components/connect/use-connect";
import { Button } from "@/app/_components/ui/button";

interface ConnectLinkProps extends ConnectRequest {
  actions: ConnectActions;
  children: ReactNode;
  variant?: ComponentProps<typeof Button>["variant"];
  size?: ComponentProps<typeof Button>["size"];
}

function wantsSameTab(event: MouseEvent): boolean {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey;
  return modified || window.matchMedia("(pointer: coarse), (max-width: 767px)").matches;
}

function openPopup(): Window | null {
  const left = window.screenX + Math.max(0, (window.outerWidth - 520) / 2);
  const top = window.screenY + Math.max(0, (window.outerHeight - 680) / 2);
  return window.open("about:blank", "entente-connect", `popup,width=520,height=680,left=${left},top=${top}`);
}

/**
 * A link that starts a consent: in a popup where one can open, else by following its address in the same tab.
 * The window opens within the click, because a browser blocks one that opens later.
 */
export function ConnectLink({ provider, integrationId, actions, children, variant, size }: ConnectLinkProps) {
  const t = useTranslations("connect");
  const { waiting, canGiveUp, connectIn, giveUp } = useConnect({ provider, integrationId }, actions);

  function open(event: MouseEvent) {
    if (wantsSameTab(event)) return;
    const popup = openPopup();
    if (popup === null) return;
    event.preventDefault();
    void connectIn(popup);
  }

  return (
    <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-2">
      <Button asChild size={size} variant={variant}>
        <a href={connectHref({ provider, integrationId })} onClick={open}>
          {waiting && <Loader2 aria-hidden className="animate-spin" />}
          {children}
        </a>
      </Button>
      <span aria-live="polite" className="text-sm text-ink-muted empty:hidden">
        {waiting && t("waiting")}
      </span>
      {canGiveUp && (
        <Button onClick={giveUp} size="sm" variant="ghost">
          {t("giveUp")}
        </Button>
      )}
    </span>
  );
}
