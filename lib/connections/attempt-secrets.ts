import { open, SealError, seal } from "@/lib/platform/crypto";
import type { MasterKey } from "@/lib/platform/secrets";

/** What only the callback of one attempt may know. */
interface AttemptSecrets {
  codeVerifier: string;
  nonce: string;
}

/** Under the master key, not the person's: an attempt lives ten minutes, and most come before a first token. */
export function sealAttempt(
  attemptId: string,
  secrets: AttemptSecrets,
  masters: readonly MasterKey[],
): string {
  const [first] = masters;
  if (first === undefined) throw new SealError("no master key");
  return `${first.id}:${seal(JSON.stringify(secrets), first.key, `attempt:${attemptId}`)}`;
}

export function openAttempt(
  attemptId: string,
  sealed: string,
  masters: readonly MasterKey[],
): AttemptSecrets {
  const colon = sealed.indexOf(":");
  const master = masters.find((candidate) => candidate.id === sealed.slice(0, colon));
  if (master === undefined) throw new SealError("the attempt's master key is not configured");
  return JSON.parse(open(sealed.slice(colon + 1), master.key, `attempt:${attemptId}`)) as AttemptSecrets;
}
