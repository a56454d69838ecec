import { safeReturnPath } from "@/lib/connections/return-path";

/** The path of a same-origin address or path; everything else becomes the first page. */
export function returnPath(given: string | null | undefined, appOrigin: string): string {
  const inside = given?.startsWith(`${appOrigin}/`) ? given.slice(appOrigin.length) : given;
  const path = safeReturnPath(inside);
  return path.startsWith("/sign-in") ? safeReturnPath(null) : path;
}
