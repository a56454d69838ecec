/** The path of an address of ours, so that a link cannot send whoever signs in to a stranger's site; else null. */
export function ownPath(address: unknown, appOrigin: string): string | null {
  if (typeof address !== "string") return null;
  const url = URL.parse(address, appOrigin);
  return url !== null && url.origin === appOrigin ? `${url.pathname}${url.search}` : null;
}
