import type { SandboxContext } from "../../../core/context";
import type { World } from "../world";

export const PAGE = "/sandbox/calendar";

/** Whose calendars are looked at, and in which week (any day of it; empty: the current one). */
export interface Place {
  account: string;
  zone: string;
  week: string;
}

/** The place an address or a form names; the first account when it names none that has calendars. */
export function placeOf(world: World, given: Record<string, string | undefined>): Place {
  const named = world.accounts.get((given.account ?? "").toLowerCase());
  const account = named ?? world.accounts.values().next().value;
  return { account: account?.email ?? "", zone: account?.timeZone ?? "UTC", week: given.week ?? "" };
}

export function placeOfQuery(world: World, c: SandboxContext): Place {
  return placeOf(world, c.req.query());
}

/** The address of a week; `at` is the key of an event to focus, `done` the deed to report. */
export function weekAddress(
  { account, week }: Pick<Place, "account" | "week">,
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams({ account, ...(week !== "" && { week }), ...more });
  return `${PAGE}?${query}`;
}
