/** What a row of an exported booking says, for its state to be told from. */
export interface ExportFacts {
  readonly desired: "present" | "absent" | "left";
  readonly wantedSeq: number;
  readonly doneSeq: number;
  readonly verify: boolean;
  /** Its booking's time has passed: what was not written by then is not written any more. */
  readonly over: boolean;
  /** The event is there, as far as we know. */
  readonly written: boolean;
  readonly remoteState: "in_place" | "moved" | "edited" | "deleted" | "relocated";
  readonly errorCode: string | null;
}

/** It stays as it was written: export is off, or its account left. */
export const NO_LONGER_UPDATED = "no_longer_updated";

export type ExportStatus = "pending" | "synced" | "failed" | "removed";

/** The state of one event of a booking, and the code of what stands against it (a fault, or its owner's own change). */
export function exportStatus(facts: ExportFacts): { status: ExportStatus; code: string | null } {
  if (facts.errorCode !== null) return { status: "failed", code: facts.errorCode };
  const undecided = facts.desired !== "absent" && facts.remoteState !== "in_place";
  if (undecided) {
    const status = facts.remoteState === "deleted" ? "removed" : "synced";
    return { status, code: `${facts.remoteState}_externally` };
  }
  if (facts.desired === "left" && facts.written && !facts.over) {
    return { status: "synced", code: NO_LONGER_UPDATED };
  }
  const kept = facts.desired === "left" || (facts.desired === "present" && facts.over);
  const open = !kept && facts.wantedSeq > facts.doneSeq;
  if (open || facts.verify) return { status: "pending", code: null };
  return { status: facts.desired === "absent" || !facts.written ? "removed" : "synced", code: null };
}
