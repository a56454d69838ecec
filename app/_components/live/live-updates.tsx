"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { openLiveChannel } from "@/app/_components/live/live-channel";
import type { LiveState } from "@/app/_components/live/live-signal";
import { LiveIndicator } from "@/app/_components/shell/live-indicator";

const POLL_MS = 20_000;
const GATHER_MS = 150;

/** Reads the page again when something of this person changed; only while it hears nothing, every 20 seconds. */
export function LiveUpdates() {
  const router = useRouter();
  const [state, setState] = useState<LiveState>("connecting");

  useEffect(() => {
    if (state === "live") return;
    const timer = window.setInterval(() => router.refresh(), POLL_MS);
    return () => window.clearInterval(timer);
  }, [router, state]);

  useEffect(() => {
    let gathering: number | undefined;
    const refresh = () => {
      // A burst of changes is one look.
      gathering ??= window.setTimeout(() => {
        gathering = undefined;
        router.refresh();
      }, GATHER_MS);
    };
    const stop = openLiveChannel((signal) => {
      if (signal.kind === "state") setState(signal.state);
      else refresh();
    });
    const offline = () => setState("offline");
    // A browser holds back, freezes or puts away a tab nobody looks at; what it missed it reads when it is seen again.
    const seen = () => {
      if (document.visibilityState === "visible") refresh();
    };
    const back = ({ persisted }: PageTransitionEvent) => {
      if (persisted) refresh();
    };
    window.addEventListener("offline", offline);
    window.addEventListener("online", refresh);
    window.addEventListener("pageshow", back);
    document.addEventListener("visibilitychange", seen);
    return () => {
      stop();
      window.clearTimeout(gathering);
      window.removeEventListener("offline", offline);
      window.removeEventListener("online", refresh);
      window.removeEventListener("pageshow", back);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [router]);

  return <LiveIndicator state={state} />;
}
