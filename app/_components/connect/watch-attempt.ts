import {
  CONNECT_CHANNEL,
  type ConnectMessage,
  isOutcome,
  type Outcome,
} from "@/app/_components/connect/outcomes";

const POLL_EVERY_MS = 2_000;

/**
 * Resolves with an attempt's outcome: the popup's word on the channel, or the attempt's row, whichever comes first.
 * A popup that looks closed proves nothing, since a vendor's page may cut it off from its opener.
 */
export function watchAttempt(attemptId: string, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(CONNECT_CHANNEL);
    const timer = window.setInterval(ask, POLL_EVERY_MS);

    function stop() {
      window.clearInterval(timer);
      channel.close();
    }

    function finish(outcome: Outcome) {
      stop();
      resolve(outcome);
    }

    async function ask() {
      const outcome = await readOutcome(attemptId, signal);
      if (outcome !== null && !signal.aborted) finish(outcome);
    }

    channel.onmessage = ({ data }: MessageEvent<Partial<ConnectMessage>>) => {
      if (data.attemptId === attemptId && isOutcome(data.outcome)) finish(data.outcome);
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}

async function readOutcome(attemptId: string, signal: AbortSignal): Promise<Outcome | null> {
  try {
    const response = await fetch(`/api/v1/connect-attempts/${encodeURIComponent(attemptId)}`, { signal });
    if (response.status === 404) return "expired";
    if (!response.ok) return null;
    const attempt = (await response.json()) as { status: string; outcome: unknown };
    return attempt.status === "finished" && isOutcome(attempt.outcome) ? attempt.outcome : null;
  } catch {
    // Offline for a moment, or aborted: the next round asks again.
    return null;
  }
}
