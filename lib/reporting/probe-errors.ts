import type { PushTrouble } from "@/lib/calendar/probe-plan";
import { describeRunError } from "@/lib/reporting/run-errors";

/** The step of a test that did not go through, and the code of its error. */
export interface ProbeFailure {
  code: string;
  step: "write" | "read" | "remove";
  /** Its event may still be in the calendar. */
  stays: boolean;
}

export interface ProbeError {
  /** Of a message that did not come: `push_` and why. */
  code: string;
  step: ProbeFailure["step"] | "push";
  message: string;
  fix: string;
}

interface Words {
  message: string;
  fix: string;
}

const SCHEDULE = "The calendar is read every five minutes all the same.";
const REACH =
  "An administrator should check that the provider reaches this installation at its https address.";

const PUSH: Record<PushTrouble, Words> = {
  off: {
    message: "The provider was not asked to tell of changes: this calendar is not synced by itself.",
    fix: "Switch automatic sync on.",
  },
  pending: {
    message: "The provider was not asked yet to tell of changes of this calendar.",
    fix: `Nothing to do: it is asked by itself within minutes. ${SCHEDULE}`,
  },
  unsupported: {
    message: "The provider does not tell of changes of this calendar.",
    fix: `Nothing to do. ${SCHEDULE}`,
  },
  refused: {
    message: "The provider would not promise to tell of changes of this calendar.",
    fix: `Nothing to do: it is asked again by itself. ${SCHEDULE}`,
  },
  unreachable: {
    message: "No message came within 30 seconds, and none ever came for this calendar.",
    fix: `${REACH} ${SCHEDULE}`,
  },
  silent: {
    message: "No message came within 30 seconds, although the provider told of changes before.",
    fix: `Test again in a few minutes: the promise is renewed by itself when messages stay away. ${SCHEDULE}`,
  },
};

const NOT_READ: Words = {
  message: "The event was written, but no reading of the calendar met it within a minute.",
  fix: "Press “Sync now” and look at the history for what keeps it.",
};

/** Where writing a test means something else than writing bookings. */
const WRITING: Partial<Record<string, Words>> = {
  permission_denied: {
    message: "This calendar may not be written to with this account.",
    fix: "Ask its owner for the right to change events.",
  },
  not_found: {
    message: "The calendar no longer exists or is no longer shared.",
    fix: "Nothing to do if that was meant; else ask its owner to share it again.",
  },
  rate_limited: {
    message: "The calendar service asked us to slow down.",
    fix: "Wait a few minutes and test again.",
  },
  quota_exhausted: {
    message: "The calendar service takes no more events from this account for some hours.",
    fix: "Test again later. Reading is not affected.",
  },
  transient: {
    message: "The calendar service could not be reached or had a fault of its own.",
    fix: "Test again in a few minutes.",
  },
};

/** What went wrong, in words. Pages translate by code and step; the API speaks English. */
export function describeProbe(failure: ProbeFailure | null, trouble: PushTrouble | null): ProbeError | null {
  if (failure !== null) return { code: failure.code, step: failure.step, ...wordsFor(failure) };
  return trouble === null ? null : { code: `push_${trouble}`, step: "push", ...PUSH[trouble] };
}

function wordsFor(failure: ProbeFailure): Words {
  const { message, fix } = wordsAlone(failure);
  if (!failure.stays) return { message, fix };
  return {
    message: `${message} The event of the test is still in the calendar.`,
    fix: `${fix} It is removed by itself as soon as that works; you can also delete it there yourself.`,
  };
}

function wordsAlone({ code, step }: ProbeFailure): Words {
  if (code === "not_read") return NOT_READ;
  return (
    (step === "read" ? null : WRITING[code]) ?? describeRunError(code, step === "read" ? "full" : "export")
  );
}
