/** What is stored of one booking's event in one calendar, and what is wanted of it. */
export interface ExportFacts {
  readonly desired: "present" | "absent" | "left";
  readonly verify: boolean;
  readonly remoteState: "in_place" | "moved" | "edited" | "deleted" | "relocated";
  /** It is there, as far as we know. */
  readonly written: boolean;
  /** A create may have been sent, answered or not. */
  readonly asked: boolean;
  /** Its id is known. A vendor that chooses ids tells it in an answer, which may be lost. */
  readonly named: boolean;
  readonly etag: string | null;
  /** Mark of what we wrote last; null on a written event: write it again whatever is there. */
  readonly contentHash: string | null;
  /** Mark of what it should be now. */
  readonly wantedHash: string;
  /** The booking was cancelled; else an event to be removed has only lost its place to another calendar. */
  readonly cancelled: boolean;
  /** Its time has passed: what is in the calendar stays as it is. */
  readonly over: boolean;
}

/** What this go has heard from the vendor about the event so far. */
export type Heard =
  | { readonly type: "nothing" }
  /** A create: the id is in use, by a live or a deleted event. */
  | { readonly type: "taken" }
  /** An update or removal: somebody changed it since, or it is not known here. */
  | { readonly type: "stale" }
  | {
      readonly type: "live";
      readonly change: OwnerChange | null;
      readonly hash: string;
      readonly etag: string | null;
    }
  | { readonly type: "deleted" }
  | { readonly type: "absent" }
  /** The vendor would not bring a deleted one back. */
  | { readonly type: "unrevivable" };

/** How its owner changed our event. */
export type OwnerChange = "moved" | "edited";

export type ExportStep =
  /** Nothing is left to do; `gone`: nothing of it is in the calendar. */
  | { readonly do: "settle"; readonly gone: boolean }
  /** What was found is what is wanted: remember it. */
  | { readonly do: "adopt" }
  /** Its owner changed or deleted it: recorded, not overwritten. */
  | { readonly do: "note"; readonly state: OwnerChange | "deleted" }
  | { readonly do: "look" }
  | { readonly do: "create"; readonly nextId: boolean }
  | { readonly do: "update"; readonly etag: string | null; readonly restore: boolean }
  | { readonly do: "remove"; readonly etag: string | null };

const SETTLED: ExportStep = { do: "settle", gone: false };
const GONE: ExportStep = { do: "settle", gone: true };

/**
 * The next step for one exported event, given what is stored and what was heard. At most one write follows from it;
 * whatever its answer, the next plan goes on from there, so a lost answer or a repetition does no harm.
 */
export function planExport(facts: ExportFacts, heard: Heard): ExportStep {
  if (facts.desired === "absent") return planRemoval(facts, heard);
  if (facts.verify && heard.type === "nothing") return { do: "look" };
  if (facts.verify && missing(heard)) return { do: "note", state: "deleted" };
  if (facts.verify && heard.type === "live" && heard.change !== null)
    return { do: "note", state: heard.change };
  return facts.desired === "left" || facts.over ? SETTLED : planPresence(facts, heard);
}

function missing(heard: Heard): boolean {
  return heard.type === "deleted" || heard.type === "absent";
}

/** Its owner changed it, as far as we know. It may be as we left it again, or the change a lost answer of ours. */
function isDoubtful(facts: ExportFacts, heard: Heard): boolean {
  return facts.remoteState !== "in_place" && heard.type === "nothing";
}

/** Only a cancelled booking takes an event that its owner changed; one that lost its place leaves that to them. */
function planRemoval(facts: ExportFacts, heard: Heard): ExportStep {
  const guarded = !facts.cancelled;
  if (!facts.asked || missing(heard)) return GONE;
  const unnamed = heard.type === "nothing" && !facts.named;
  if (heard.type === "stale" || unnamed || (guarded && isDoubtful(facts, heard))) return { do: "look" };
  if (heard.type !== "live") return { do: "remove", etag: guarded ? facts.etag : null };
  if (guarded && heard.change !== null) return { do: "note", state: heard.change };
  return { do: "remove", etag: guarded ? heard.etag : null };
}

function planPresence(facts: ExportFacts, heard: Heard): ExportStep {
  const forced = facts.written && facts.contentHash === null;
  if (!forced && isDoubtful(facts, heard)) return { do: "look" };
  // Where nothing should be there yet, or everything is to be as we have it, a deleted one is brought back.
  const recreate = forced || !facts.written;
  switch (heard.type) {
    case "nothing":
      return planFromMemory(facts, forced);
    case "taken":
    case "stale":
      return { do: "look" };
    case "live":
      if (heard.hash === facts.wantedHash) return { do: "adopt" };
      if (heard.change !== null && !forced) return { do: "note", state: heard.change };
      return { do: "update", etag: heard.etag, restore: forced };
    case "deleted":
      return recreate ? { do: "update", etag: null, restore: true } : { do: "note", state: "deleted" };
    case "absent":
      return recreate ? { do: "create", nextId: false } : { do: "note", state: "deleted" };
    case "unrevivable":
      return { do: "create", nextId: true };
  }
}

function planFromMemory(facts: ExportFacts, forced: boolean): ExportStep {
  if (!facts.written && facts.asked && !facts.named) return { do: "look" };
  if (!facts.written) return { do: "create", nextId: false };
  if (forced) return { do: "look" };
  if (facts.contentHash === facts.wantedHash) return SETTLED;
  return { do: "update", etag: facts.etag, restore: false };
}
