import { ProviderError } from "@/lib/providers/provider-error";

interface ListAnswer {
  items?: unknown;
  nextPageToken?: unknown;
  nextSyncToken?: unknown;
}

/**
 * A page that really is one. Google's client hands over a 200 that is no JSON as text, and half an answer as
 * well; taken for an empty list, either would free all of a calendar's time.
 */
export function requireList<T extends ListAnswer>(data: T | string | null | undefined): T {
  if (data === null || typeof data !== "object") throw malformed("not_json");
  const { items, nextPageToken, nextSyncToken } = data;
  if (items !== undefined && !Array.isArray(items)) throw malformed("items");
  const says = [nextPageToken, nextSyncToken].some((token) => typeof token === "string");
  if (items === undefined && !says) throw malformed("no_list");
  return data;
}

function malformed(detail: string): ProviderError {
  return new ProviderError("malformed_response", { detail });
}
