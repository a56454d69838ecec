import { isDue } from "@/lib/calendar/due-time";

const SECOND_MS = 1_000;

/** A message that has not come by then is not waited for any longer. */
const PUSH_WAIT_MS = 30 * SECOND_MS;

/** A round that was asked for has met the event by then, or something keeps it. */
const READ_WAIT_MS = 30 * SECOND_MS;

/** Whoever waits at a screen is told after this that the event could not be written. */
const WRITE_WAIT_MS = 20 * SECOND_MS;

const LONGEST_LOOK_MS = 10 * SECOND_MS;
const SKEW_MS = 10 * SECOND_MS;

/** No look is planned further ahead, except for an event that its calendar does not let go. */
export const LONGEST_PROBE_WAIT_MS = 26 * 3_600 * SECOND_MS;

/** Why no message is to be expected, or none came. */
export type PushTrouble = "off" | "pending" | "unsupported" | "refused" | "unreachable" | "silent";

export interface ProbeFacts {
  readonly requestedAt: Date;
  /** When the request that wrote it went out; null: there is no event. */
  readonly askedAt: Date | null;
  readonly writtenAt: Date | null;
  readonly pushedAt: Date | null;
  readonly pushTrouble: PushTrouble | null;
  readonly readAt: Date | null;
  readonly finishedAt: Date | null;
  readonly removedAt: Date | null;
  /** Failures in a row of what is tried now. */
  readonly attempts: number;
  /** Why its account cannot be used; null: it can. */
  readonly obstacle: string | null;
  /** Why nobody will tell of it; null while a watch lives. */
  readonly unwatched: PushTrouble | null;
  /** A watch of its calendar was heard before. */
  readonly heardBefore: boolean;
  /** What the last round since then failed with. */
  readonly roundError: string | null;
}

export type ProbeStep =
  | { readonly do: "write" }
  /** Nobody is expected to tell of it any more: it is read by asking. */
  | { readonly do: "doubt"; readonly trouble: PushTrouble }
  /** Its person has their answer; what is left is to remove the event. */
  | { readonly do: "end"; readonly code: string }
  | { readonly do: "remove" }
  /** Null: somebody else's act brings it on, and whoever sweeps will see. */
  | { readonly do: "wait"; readonly until: Date | null };

/** What a probe needs next. Written, told of, read, removed: each once, and none of them waited for without end. */
export function planProbe(facts: ProbeFacts, now: Date): ProbeStep {
  const { finishedAt, removedAt, askedAt, obstacle } = facts;
  if (removedAt !== null) return { do: "wait", until: null };
  if (finishedAt !== null) return obstacle === null ? { do: "remove" } : { do: "wait", until: null };
  if (obstacle !== null) return { do: "end", code: obstacle };
  if (askedAt === null || facts.writtenAt === null) return planWrite(facts, now);
  return planLegs(facts, askedAt, now);
}

function planWrite({ requestedAt, attempts }: ProbeFacts, now: Date): ProbeStep {
  const isLate = attempts > 0 && isOver(requestedAt, WRITE_WAIT_MS, now);
  return isLate ? { do: "end", code: "transient" } : { do: "write" };
}

function planLegs(facts: ProbeFacts, askedAt: Date, now: Date): ProbeStep {
  const { pushedAt, pushTrouble, readAt } = facts;
  if (pushedAt === null && pushTrouble === null) {
    if (facts.unwatched !== null) return { do: "doubt", trouble: facts.unwatched };
    if (isOver(askedAt, PUSH_WAIT_MS, now)) {
      return { do: "doubt", trouble: facts.heardBefore ? "silent" : "unreachable" };
    }
    return { do: "wait", until: nextLook(askedAt, PUSH_WAIT_MS, now) };
  }
  if (readAt !== null) return { do: "remove" };
  const limit = (pushedAt === null ? PUSH_WAIT_MS : 0) + READ_WAIT_MS;
  const since = pushedAt ?? askedAt;
  if (isOver(since, limit, now)) return { do: "end", code: facts.roundError ?? "not_read" };
  return { do: "wait", until: nextLook(since, limit, now) };
}

/** Also where the clock went back behind `since`, by more than the clocks of two machines may differ. */
function isOver(since: Date, waitMs: number, now: Date): boolean {
  return isDue(new Date(since.getTime() + waitMs), now, waitMs + SKEW_MS);
}

/** Soon at first, then less and less often: news wakes a probe by itself, this is for news that got lost. */
function nextLook(since: Date, limitMs: number, now: Date): Date {
  const elapsed = now.getTime() - since.getTime();
  const wait = Math.min(Math.max(elapsed, SECOND_MS), LONGEST_LOOK_MS);
  return new Date(Math.min(now.getTime() + wait, since.getTime() + limitMs));
}

/** When a removal is tried again after its `attempts`th failure in a row. */
export function removalRetryAt(failure: {
  lasting: boolean;
  attempts: number;
  retryAfterMs: number | null;
  now: Date;
}): Date {
  const { lasting, attempts, retryAfterMs, now } = failure;
  const own = lasting ? 86_400 * SECOND_MS : Math.min(2 ** Math.min(attempts, 10), 300) * SECOND_MS;
  return new Date(now.getTime() + Math.min(Math.max(own, retryAfterMs ?? 0), 86_400 * SECOND_MS));
}
