import type { Placed } from "./full-list";
import type { PageToken } from "./tokens";

export interface Page {
  items: readonly Placed[];
  /** What the next page's token adds to the list's own data; undefined on the last page. */
  next: Pick<PageToken, "after" | "page" | "empty"> | undefined;
}

/** Cuts one page out of a list. With `emptyPages` an empty one follows the first page of several. */
export function cutPage(
  placed: readonly Placed[],
  token: PageToken | undefined,
  maxResults: number,
  emptyPages: boolean,
): Page {
  const page = token?.page ?? 1;
  if (token?.empty === true) return { items: [], next: { after: token.after, page: page + 1 } };
  const first = token === undefined ? 0 : firstAfter(placed, token.after);
  const items = placed.slice(first, first + maxResults);
  const last = items.at(-1);
  if (last === undefined || first + maxResults >= placed.length) return { items, next: undefined };
  return {
    items,
    next: { after: last.at, page: page + 1, ...(emptyPages && page === 1 && { empty: true }) },
  };
}

function firstAfter(placed: readonly Placed[], [major, minor]: readonly [number, number]): number {
  const index = placed.findIndex(({ at }) => at[0] > major || (at[0] === major && at[1] > minor));
  return index === -1 ? placed.length : index;
}
