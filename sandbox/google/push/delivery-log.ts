import type { ResourceState } from "./model";

/** What became of a message, or of one try to send it. */
const OUTCOMES = [
  "accepted",
  "retried",
  "given_up",
  "refused",
  "blocked",
  "lost",
  "expired",
  "overflow",
  "coalesced",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Delivery {
  at: number;
  channelId: string;
  account: string;
  state: ResourceState;
  number: number;
  attempt: number;
  outcome: Outcome;
  /** The receiver's status, or why there is none. */
  answer: number | string;
}

/** The last deliveries in full, and counts of all. */
export interface DeliveryLog {
  record(delivery: Delivery): void;
  count(outcome: Outcome): void;
  /** Newest first. */
  recent(limit?: number): Delivery[];
  counts(): Record<Outcome, number>;
  reset(): void;
}

const KEPT = 500;

export function createDeliveryLog(): DeliveryLog {
  const none = () => Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  let counts = none();
  let deliveries: Delivery[] = [];
  const count = (outcome: Outcome) => {
    counts[outcome] += 1;
  };
  return {
    count,
    record(delivery) {
      count(delivery.outcome);
      deliveries.push(delivery);
      if (deliveries.length >= 2 * KEPT) deliveries = deliveries.slice(-KEPT);
    },
    recent: (limit = KEPT) => deliveries.slice(-Math.min(limit, KEPT)).reverse(),
    counts: () => ({ ...counts }),
    reset() {
      counts = none();
      deliveries = [];
    },
  };
}
