"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import {
  CONNECT_CHANNEL,
  type ConnectMessage,
  endedHref,
  isOutcome,
} from "@/app/_components/connect/outcomes";

/** Shows what a popup says, also when it was retried there or its opener was reloaded meanwhile. */
export function OutcomeListener() {
  const router = useRouter();

  useEffect(() => {
    const channel = new BroadcastChannel(CONNECT_CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<Partial<ConnectMessage>>) => {
      const { outcome, provider = "google", integrationId } = data;
      if (!isOutcome(outcome)) return;
      router.replace(endedHref({ outcome, provider, integrationId }));
      router.refresh();
    };
    return () => channel.close();
  }, [router]);

  return null;
}
