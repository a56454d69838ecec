/** Rounds that ended within this time say whether messages stream or flood. */
export const LATELY_MS = 1_000;

/** More than this many a second are a flood, whose messages are not worth a round each. */
const STREAM_PER_SECOND = 30;

/** Whoever floods a calendar for longer has it read all the same. */
export const LONGEST_FLOOD_MS = 15_000;

/** A stream whose messages are read one by one: more than these must not have piled up. */
export const STREAM_WAITING = 3;

/** So many rounds of late prove that it is a stream. */
const PROVEN_ROUNDS = 4;

/** No flood leaves its calendar alone for so long after a round. */
const APART_MS = 200;

const SHORTEST_QUIET_MS = 120;
const LONGEST_QUIET_MS = 900;
const QUIET_MS_PER_MESSAGE = 30;

/** How requests of a calendar stand, and its rounds within `LATELY_MS`. */
export interface Recent {
  changeSeq: number;
  syncedSeq: number;
  rounds: number;
  /** Up to which request the oldest read, how long ago it began, and how long ago the newest ended. */
  oldestSeq: number;
  oldestAgoMs: number;
  newestAgoMs: number;
}

/** A number read at a moment of this process. */
export interface Sample {
  atMs: number;
  changeSeq: number;
}

/**
 * Whether what waits may be the middle of a flood. The first message after a pause never is, nor one that comes apart
 * from others, nor are those of a stream that is read as it comes. The second one may be, and what came in numbers.
 */
export function startsFlood(recent: Recent): boolean {
  const { changeSeq, syncedSeq, rounds } = recent;
  if (rounds === 0 || changeSeq <= syncedSeq) return false;
  if (changeSeq - syncedSeq > STREAM_WAITING) return true;
  if (recent.newestAgoMs >= APART_MS) return false;
  if (rounds < PROVEN_ROUNDS) return true;
  return changeSeq - recent.oldestSeq > (recent.oldestAgoMs * STREAM_PER_SECOND) / 1_000;
}

/** How long it must be calm before so many messages are read: a great flood may pause and go on. */
export function needsQuietMs(waiting: number): number {
  return Math.min(Math.max(waiting * QUIET_MS_PER_MESSAGE, SHORTEST_QUIET_MS), LONGEST_QUIET_MS);
}

/** Whether no more than a stream came during the last `quietMs` of unbroken looking. */
export function settled(samples: readonly Sample[], quietMs: number): boolean {
  const last = samples.at(-1);
  const first = last && samples.findLast(({ atMs }) => atMs <= last.atMs - quietMs);
  if (last === undefined || first === undefined) return false;
  return last.changeSeq - first.changeSeq <= ((last.atMs - first.atMs) * STREAM_PER_SECOND) / 1_000;
}
