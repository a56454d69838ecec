export interface TimeZoneGroup {
  /** The part before the first slash; null for zones without one. */
  region: string | null;
  zones: { id: string; city: string }[];
}

/** All zones this runtime knows, and `current` should it not be among them, by region and city. */
export function timeZoneGroups(current: string): TimeZoneGroup[] {
  const ids = new Set([...Intl.supportedValuesOf("timeZone"), "UTC", current]);
  const groups = new Map<string | null, TimeZoneGroup["zones"]>();
  for (const id of [...ids].sort()) {
    const slash = id.indexOf("/");
    const region = slash === -1 ? null : id.slice(0, slash);
    const city = id
      .slice(slash + 1)
      .replaceAll("_", " ")
      .replaceAll("/", ", ");
    const group = groups.get(region) ?? [];
    group.push({ id, city });
    groups.set(region, group);
  }
  return [...groups].map(([region, zones]) => ({ region, zones }));
}
