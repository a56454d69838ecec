import { z } from "zod";

const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** False for what no calendar of ours holds; true also for what is no time at all, which others refuse. */
export function isNearEnough(text: string): boolean {
  const at = Date.parse(text);
  return !(at < EARLIEST || at >= LATEST);
}

/** An RFC 3339 instant from outside, within years that calendars and the database can hold. */
export const instantField = z.iso
  .datetime({ offset: true, error: "must be an instant, like 2026-12-01T09:00:00Z" })
  .refine(isNearEnough, "lies too far away");
