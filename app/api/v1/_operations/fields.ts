import { z } from "zod";
import { instantField } from "@/lib/platform/instant-field";

/** RFC 3339 UTC with milliseconds, the one way instants leave this API. */
export const instantOut = z.iso.datetime({ precision: 3 });

export const instantIn = instantField.transform((text) => new Date(text));

export const rangeFields = {
  from: instantIn.optional().describe("Start of the range; half-open"),
  to: instantIn.optional().describe("End of the range, not included; at most 400 days after `from`"),
};

const LONGEST_RANGE_MS = 400 * 86_400_000;

interface Range {
  from?: Date | undefined;
  to?: Date | undefined;
}

/** Where a range starts before it ends and spans no more than 400 days. Open ends pass. */
export function checkRange({ value: { from, to }, issues }: z.core.ParsePayload<Range>): void {
  const message = spanFault(from, to, "from");
  if (message !== null) issues.push({ code: "custom", path: ["to"], message, input: to });
}

/**
 * What is wrong with an end; `start` is what the caller calls the other one. Null also while one is missing or was
 * refused: zod hands such a one on as it came.
 */
export function spanFault(from: unknown, to: unknown, start: string): string | null {
  if (!(from instanceof Date && to instanceof Date)) return null;
  const span = to.getTime() - from.getTime();
  if (span <= 0) return `must lie after \`${start}\``;
  return span > LONGEST_RANGE_MS ? `may lie at most 400 days after \`${start}\`` : null;
}

/** What every list answers. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.strictObject({
    data: z.array(item),
    nextCursor: z.string().nullable().describe("Pass as `cursor` for the next page; null on the last one"),
  });
}
