import { log } from "@/lib/platform/log";
import { metrics } from "@/lib/platform/metrics";
import type { RateRule } from "@/lib/platform/rate-limit";
import type { MemoryLimiter } from "@/lib/platform/rate-limit-memory";
import type { Reception } from "@/lib/sync/watches/receive-message";

/** What became of a request to a webhook. `limited`: a stranger who came too often; `unavailable`: no database. */
export type WebhookOutcome = Reception["outcome"] | "limited" | "malformed" | "too_large" | "unavailable";

/** Anybody can cause these, so a flood of them must not fill the disk. */
const FROM_STRANGERS: ReadonlySet<WebhookOutcome> = new Set([
  "unknown",
  "forged",
  "limited",
  "malformed",
  "too_large",
]);

/** Lines a minute and outcome that strangers may cause in one process; the rest is counted alone. */
const STRANGERS_LINES: RateRule = { limit: 20, windowSeconds: 60 };

interface Noted extends Partial<Omit<Reception, "outcome">> {
  vendor: "google";
  outcome: WebhookOutcome;
  status: number;
  durationMs: number;
  state?: string;
  number?: number | null;
  err?: Record<string, unknown>;
}

/** One line of the log and the numbers of one request: ids, codes and times, nothing of what anybody sent. */
export function noteWebhook(
  limiter: MemoryLimiter,
  { vendor, durationMs, ...noted }: Noted,
  now: Date,
): void {
  const { outcome } = noted;
  metrics().count("entente_webhooks_total", { vendor, outcome });
  metrics().observe("entente_webhook_duration_seconds", { vendor }, durationMs / 1000);
  if (FROM_STRANGERS.has(outcome) && limiter.hit(`webhook-log:${outcome}`, STRANGERS_LINES, now) !== null)
    return;
  log.info({ webhook: vendor, ...noted, durationMs: Math.round(durationMs) });
}
