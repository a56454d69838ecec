"use client";

import { Loader2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ComponentProps, type MouseEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { Outcome } from "@/app/_components/connect/outcomes";
import { type ConnectRequest, connectHref, type StartConnect } from "@/app/_components/connect/start-connect";
import { watchAttempt } from "@/app/_components/connect/watch-attempt";
import { Button } from "@/app/_components/ui/button";

interface ConnectLinkProps extends ConnectRequest {
  start: StartConnect;
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
export function ConnectLink({ provider, integrationId, start, children, variant, size }: ConnectLinkProps) {
  const t = useTranslations("connect");
  const router = useRouter();
  const [waiting, setWaiting] = useState(false);
  const watching = useRef<AbortController>(null);
  const request = { provider, integrationId };

  useEffect(() => () => watching.current?.abort(), []);

  function finish(outcome: Outcome) {
    setWaiting(false);
    router.replace(`/integrations?connect=${outcome}&provider=${provider}`);
    router.refresh();
  }

  async function connect(popup: Window) {
    setWaiting(true);
    watching.current?.abort();
    const controller = new AbortController();
    watching.current = controller;
    try {
      const begun = await start(request);
      if (begun.status === "ended") {
        popup.close();
        finish(begun.outcome);
        return;
      }
      popup.location.replace(begun.url);
      finish(await watchAttempt(begun.attemptId, controller.signal));
    } catch {
      popup.close();
      window.location.assign(connectHref(request));
    }
  }

  function open(event: MouseEvent) {
    if (wantsSameTab(event)) return;
    const popup = openPopup();
    if (popup === null) return;
    event.preventDefault();
    void connect(popup);
  }

  return (
    <>
      <Button asChild size={size} variant={variant}>
        <a href={connectHref(request)} onClick={open}>
          {waiting && <Loader2 aria-hidden className="animate-spin" />}
          {children}
        </a>
      </Button>
      <span aria-live="polite" className="text-sm text-ink-muted empty:hidden">
        {waiting && t("waiting")}
      </span>
    </>
  );
}
