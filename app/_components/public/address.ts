/** Parameters of an address; those without a value are left out. */
export type Query = Readonly<Record<string, string | null | undefined>>;

/** What Next hands a page of its address's parameters. One given twice counts as not given. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export function addressOf(path: string, query: Query): string {
  const set = Object.entries(query).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return set.length === 0 ? path : `${path}?${new URLSearchParams(set)}`;
}
