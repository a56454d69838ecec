import { enqueue } from "@/db/outbox";
import { startRound } from "@/lib/calendar/import-round";
import { isReconcileDue } from "@/lib/calendar/schedule";
import type { TimeRange } from "@/lib/calendar/time-range";
import { covers, importWindow } from "@/lib/calendar/window";
import { withAccess } from "@/lib/connections/access";
import { changeCalendarZone } from "@/lib/connections/calendar-zone";
import type { Services } from "@/lib/connections/services";
import { describeError } from "@/lib/platform/log";
import type { Access, CalendarProvider, RoundPage } from "@/lib/providers/calendar-provider";
import { isHeldBack, ProviderError } from "@/lib/providers/provider-error";
import { applyPage } from "@/lib/sync/import/apply-page";
import { awaitCalm } from "@/lib/sync/import/await-calm";
import { assertFence, type Claim, claimCalendar, FencedError, releaseLease } from "@/lib/sync/import/claim";
import { addCounts, type Counts, noCounts } from "@/lib/sync/import/counts";
import {
  type FailedRound,
  failRound,
  finishRound,
  forgetCursor,
  putOff,
  type RoundEnd,
} from "@/lib/sync/import/finish-round";
import { noteRun } from "@/lib/sync/import/note-run";
import { readAhead } from "@/lib/sync/import/read-ahead";
import type { RunKind, RunTrigger } from "@/lib/sync/import/run-log";
import { delayOf, noteUnannounced, oldestChange } from "@/lib/sync/watches/unannounced";

export type SyncOutcome =
  | { status: "succeeded"; rounds: number; counts: Counts }
  | { status: "failed"; errorCode: string; retryAt: Date | null }
  | { status: "fenced" }
  /** Not readable now, held back, or somebody else reads it: whoever reads next sees every change made before. */
  | { status: "skipped" };

/** Requests that arrive during a round cause one more; a stream of them is left to the next nudge. */
const MAX_ROUNDS = 5;

export interface SyncOptions {
  onlyIfDue: boolean;
  /** What is due then is due: timers and other machines' clocks come a little early. */
  dueAt?: Date | undefined;
}

/** Brings one calendar up to date: claim, read, apply page by page, finish; again when something came in. */
export async function syncCalendar(
  services: Services,
  calendarId: string,
  trigger: RunTrigger,
  options: SyncOptions = { onlyIfDue: false },
): Promise<SyncOutcome> {
  const total = noCounts();
  let rounds = 0;
  let last: SyncOutcome = { status: "skipped" };
  let more: Claim | null = null;
  while (rounds < MAX_ROUNDS) {
    const claim =
      rounds === 0
        ? await takeFirst(services, calendarId, trigger, options)
        : await takeAgain(services, calendarId);
    if (claim === null) return last;
    const outcome = await runRound(services, claim, trigger);
    rounds += 1;
    if (outcome.status === "failed" || outcome.status === "skipped") return outcome;
    if (outcome.status === "fenced") {
      last = outcome;
      continue;
    }
    addCounts(total, outcome.counts);
    last = { status: "succeeded", rounds, counts: total };
    if (!outcome.again) return last;
    more = outcome.behind > 0 ? claim : null;
  }
  if (more !== null) await askAgain(services, more);
  return last;
}

async function takeFirst(
  services: Services,
  calendarId: string,
  trigger: RunTrigger,
  { onlyIfDue, dueAt }: SyncOptions,
): Promise<Claim | null> {
  const onlyIfAsked = trigger === "push";
  if (onlyIfAsked) await awaitCalm(services, calendarId);
  const now = services.clock.now();
  const wish = { now: dueAt !== undefined && dueAt > now ? dueAt : now, onlyIfDue, onlyIfAsked };
  const claim = await claimCalendar(services.db, calendarId, wish);
  if (claim === null || !UNHURRIED.has(trigger)) return claim;
  const { vendor, userId } = claim;
  if (services.requests.hasRoom(vendor, userId)) return claim;
  await releaseLease(services.db, claim);
  // Without room it stays due: the next tick takes it up, the longest waiting first.
  if (!(await services.requests.awaitRoom(vendor, userId))) return null;
  return claimCalendar(services.db, calendarId, { ...wish, now: services.clock.now() });
}

/** Nobody waits for these, so they leave the rest of a minute's requests to those for whom somebody does. */
const UNHURRIED: ReadonlySet<RunTrigger> = new Set(["schedule", "window"]);

async function takeAgain(services: Services, calendarId: string): Promise<Claim | null> {
  await awaitCalm(services, calendarId);
  return claimCalendar(services.db, calendarId, { now: services.clock.now(), onlyIfDue: false });
}

/** Messages that come while something waits leave no nudge, so whoever stops before the end leaves one. */
async function askAgain({ db, clock }: Services, { connectionId, calendarId }: Claim): Promise<void> {
  const data = { connectionId, calendarIds: [calendarId] };
  await enqueue(db, { name: "calendar/changed", data }, clock.now());
}

type RoundOutcome =
  | { status: "done"; counts: Counts; again: boolean; behind: number }
  | Extract<SyncOutcome, { status: "failed" | "fenced" | "skipped" }>;

async function runRound(services: Services, claim: Claim, trigger: RunTrigger): Promise<RoundOutcome> {
  const startedAt = services.clock.now();
  const provider = services.providers.find(claim.vendor);
  let kind: RunKind = "full";
  try {
    if (provider === null) throw new ProviderError("misconfigured", { detail: "not_configured" });
    const cursor = usableCursor(claim, provider, startedAt);
    kind = cursor === null ? "full" : "incremental";
    const reading = async (access: Access) => {
      try {
        return await readAndApply(services, provider, access, claim, cursor, startedAt);
      } catch (error) {
        if (cursor === null || !(error instanceof ProviderError) || error.kind !== "gone_cursor") throw error;
        await forgetCursor(services, claim);
        kind = "full";
        return await readAndApply(services, provider, access, claim, null, startedAt);
      }
    };
    const read = await withAccess(services, claim.connectionId, reading, { patient: true });
    const finishedAt = services.clock.now();
    const oldest = kind === "incremental" ? oldestChange(claim, read.changedAt) : null;
    const delayMs = delayOf(oldest, finishedAt);
    const result = { trigger, kind, counts: read.counts, startedAt, finishedAt, delayMs };
    const { again, behind } = await finishRound(services, claim, read.end, result);
    if (trigger === "schedule" && oldest !== null)
      await noteUnannounced(services.db, claim, oldest, startedAt);
    noteRun(claim, { trigger, kind, status: "succeeded", startedAt, finishedAt, delayMs, ...read.counts });
    return { status: "done", counts: read.counts, again, behind };
  } catch (error) {
    return endUnfinished(services, claim, { trigger, kind, startedAt, error });
  }
}

async function endUnfinished(
  services: Services,
  claim: Claim,
  { error, ...run }: FailedRound,
): Promise<RoundOutcome> {
  if (error instanceof FencedError) {
    await releaseLease(services.db, claim);
    return { status: "fenced" };
  }
  if (isHeldBack(error)) {
    await putOff(services, claim, error.retryAfterMs ?? 0);
    noteRun(claim, { ...run, status: "held_back", finishedAt: services.clock.now() });
    return { status: "skipped" };
  }
  const retryAt = await failRound(services, claim, { ...run, error });
  const status = retryAt === null ? "fenced" : "failed";
  noteRun(claim, { ...run, status, finishedAt: services.clock.now(), err: describeError(error) });
  if (retryAt === null) return { status: "fenced" };
  const errorCode = error instanceof ProviderError ? error.kind : "internal";
  return { status: "failed", errorCode, retryAt };
}

/** A cursor counts only with the reading it was made for, a window that still covers the offer, and its day. */
function usableCursor(claim: Claim, provider: CalendarProvider, now: Date): string | null {
  if (claim.cursorVersion !== versionOf(claim, provider)) return null;
  if (!covers(claim.window, now) || isReconcileDue(claim.nextReconcileAt, now)) return null;
  return claim.cursor;
}

/** Past a cursor of a reading that kept our own events alone lies what others changed meanwhile, unread. */
function versionOf(claim: Claim, provider: CalendarProvider): string {
  return claim.checked ? provider.cursorVersion : `${provider.cursorVersion}+own`;
}

async function readAndApply(
  services: Services,
  provider: CalendarProvider,
  access: Access,
  claim: Claim,
  cursor: string | null,
  now: Date,
): Promise<{ counts: Counts; end: RoundEnd; changedAt: Date[] }> {
  const window: TimeRange = cursor === null || claim.window === null ? importWindow(now) : claim.window;
  let round = startRound(cursor === null ? "full" : "incremental");
  const counts = noCounts();
  const changedAt: Date[] = [];
  const calendar = { externalId: claim.externalId, timeZone: claim.timeZone };
  for await (const page of readAhead(provider.readRound(access, { calendar, cursor, window }))) {
    await followZone(services, claim, page);
    const applied = await applyPage(services, claim, round, page, { window, startedAt: now });
    round = applied.round;
    addCounts(counts, applied.counts);
    changedAt.push(...applied.changedAt);
    if (page.end === null) {
      // A long read that finds nothing to write must not look like a dead worker.
      if (applied.quiet) await assertFence(services.db, claim);
      continue;
    }
    const doubtful = cursor !== null && applied.unsure.length > 0;
    const cursorVersion = versionOf(claim, provider);
    const end = { cursor: page.end.cursor, cursorVersion, window, doubtful };
    return { counts, end, changedAt };
  }
  throw new ProviderError("malformed_response", { detail: "round_without_end" });
}

/** The calendar moved to another zone: its days become other instants first, and this round starts over. */
async function followZone(services: Services, claim: Claim, page: RoundPage): Promise<void> {
  if (page.timeZone === null || page.timeZone === claim.timeZone) return;
  await changeCalendarZone(services.db, claim.calendarId, page.timeZone);
  throw new FencedError(claim.calendarId);
}
