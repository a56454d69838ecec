import type { LiveHub, LiveMessage } from "@/inngest/live-hub";

const PING_MS = 15_000;

/** An event, because browsers show no comment to their pages: what hears none for 40 seconds opens the stream anew. */
const PING = "event: ping\ndata:\n\n";

export interface LiveStreamOptions {
  hub: LiveHub;
  userId: string;
  /** Aborted when the browser goes away. */
  signal: AbortSignal;
  /** Asked at each ping; the stream of an ended session ends. */
  stillSignedIn(): Promise<boolean>;
  pingMs?: number;
}

/** One open page's stream. Cleans up after itself whoever ends it: browser, session or shutdown. */
export function liveStream(options: LiveStreamOptions): ReadableStream<Uint8Array> {
  const { hub, userId, signal } = options;
  const encoder = new TextEncoder();
  let end: () => void = () => undefined;

  return new ReadableStream({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      const send = (message: LiveMessage) => write(`data: ${JSON.stringify(message)}\n\n`);
      const timer = setInterval(() => void ping(), options.pingMs ?? PING_MS);
      const unsubscribe = hub.subscribe(userId, send);
      const forget = hub.onClose(() => finish());
      let open = true;

      const release = () => {
        if (!open) return false;
        open = false;
        clearInterval(timer);
        unsubscribe();
        forget();
        return true;
      };
      const finish = () => {
        if (release()) controller.close();
      };
      const ping = async () => {
        const alive = await options.stillSignedIn().catch(() => true);
        if (!alive) finish();
        else if (open) write(PING);
      };

      end = () => void release();
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
      else write(`retry: 2000\n${PING}`);
    },
    cancel: () => end(),
  });
}
