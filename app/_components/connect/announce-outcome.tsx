"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { CONNECT_CHANNEL, type ConnectMessage } from "@/app/_components/connect/outcomes";
import { Button } from "@/app/_components/ui/button";

const CLOSES_AFTER_MS = 2_500;

/** Tells the page that opened this popup how it ended; a good ending then closes the window by itself. */
export function AnnounceOutcome({ attemptId, outcome, provider, integrationId }: ConnectMessage) {
  const t = useTranslations("connect");

  useEffect(() => {
    const message: ConnectMessage = { attemptId, outcome, provider, integrationId };
    const channel = new BroadcastChannel(CONNECT_CHANNEL);
    channel.postMessage(message);
    channel.close();
    // An extra for pages that open the consent themselves; a vendor's page may have cut the opener off.
    if (window.opener) window.opener.postMessage(message, window.location.origin);
    if (outcome !== "connected") return;
    const timer = window.setTimeout(() => window.close(), CLOSES_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [attemptId, outcome, provider, integrationId]);

  return (
    <Button onClick={() => window.close()} variant={outcome === "connected" ? "primary" : "secondary"}>
      {t("closeWindow")}
    </Button>
  );
}
