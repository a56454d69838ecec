"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { endedHref, type Outcome } from "@/app/_components/connect/outcomes";
import {
  type ConnectActions,
  type ConnectRequest,
  connectHref,
} from "@/app/_components/connect/start-connect";
import { watchAttempt } from "@/app/_components/connect/watch-attempt";
import { toast } from "@/app/_components/ui/toast";
import { type Refusal, useRefusalWords } from "@/app/_components/use-refusal-words";

/** One consent in a popup, from the click to its outcome in this page's address. */
export function useConnect(request: ConnectRequest, actions: ConnectActions) {
  const router = useRouter();
  const inWords = useRefusalWords();
  const [attemptId, setAttemptId] = useState<string | null>(null);
  const [waiting, setWaiting] = useState(false);
  const watching = useRef<AbortController>(null);

  useEffect(() => () => watching.current?.abort(), []);

  function finish(outcome: Outcome) {
    stop();
    router.replace(endedHref({ ...request, outcome }));
    router.refresh();
  }

  function stop() {
    watching.current?.abort();
    setWaiting(false);
    setAttemptId(null);
  }

  function refuse(refusal: Refusal) {
    stop();
    if (refusal.code === "blocked_by_policy") finish("policy");
    else if (refusal.code === "provider_not_configured") finish("misconfigured");
    else toast.error(inWords(refusal));
  }

  async function connectIn(popup: Window) {
    watching.current?.abort();
    const controller = new AbortController();
    watching.current = controller;
    setWaiting(true);
    try {
      const answer = await actions.start(request);
      if (answer.ok && answer.data.status === "started") {
        popup.location.replace(answer.data.url);
        setAttemptId(answer.data.attemptId);
        finish(await watchAttempt(answer.data.attemptId, controller.signal));
        return;
      }
      popup.close();
      if (!answer.ok) refuse(answer.error);
      else if (answer.data.status === "ended") finish(answer.data.outcome);
    } catch {
      // The action did not get through: the plain address may, and can tell why if not.
      popup.close();
      window.location.assign(connectHref(request));
    }
  }

  async function giveUp() {
    if (attemptId === null) return;
    const answer = await actions.giveUp({ attemptId });
    if (!answer.ok) refuse(answer.error);
    else finish(answer.data.outcome ?? "closed");
  }

  return { waiting, canGiveUp: attemptId !== null, connectIn, giveUp };
}
