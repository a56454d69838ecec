import { createHash } from "node:crypto";
import type { Channel } from "./model";

/**
 * A number in [0, 1) that depends on nothing but the seed and which message of which channel it is: neither on timing
 * nor on the ids a client picks.
 */
export function roll(
  seed: number,
  { ordinal, messages }: Pick<Channel, "ordinal" | "messages">,
  purpose: string,
): number {
  const text = `${seed}/${ordinal}/${messages}/${purpose}`;
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
