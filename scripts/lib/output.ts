import { errorCode, OperatorError } from "./operator-error";

export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

const SYSTEM: Record<string, string> = {
  EACCES:
    "This user may not do that. Perhaps another user of this machine (root?) made it: run as that one, or remove it.",
  EPERM:
    "This user may not do that. Perhaps another user of this machine (root?) made it: run as that one, or remove it.",
  EROFS: "The file system is read-only.",
  ENOSPC: "The disk is full. Make room and start again.",
  EDQUOT: "The disk quota is used up. Make room and start again.",
};

/** What a person should read of a failure: the message when it was written for them, else what we know, else the stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const advice = SYSTEM[errorCode(error) ?? ""];
  return advice === undefined ? (error.stack ?? error.message) : `${error.message}\n${advice}`;
}
