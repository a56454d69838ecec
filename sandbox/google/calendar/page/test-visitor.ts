import { ANN, type Bench } from "../test-bench";

/** Somebody at Ann's page without scripts, in the week of 23 November 2026. */
export interface Visitor {
  open(path: string, headers?: Record<string, string>): Promise<{ status: number; html: string }>;
  week(headers?: Record<string, string>): Promise<{ status: number; html: string }>;
  /** Posts a form; `at` is the query of the address the answer leads to. */
  post(
    path: "event" | "calendar" | "shown",
    fields: Record<string, string>,
  ): Promise<{ status: number; html: string; at: URLSearchParams }>;
}

export function createVisitor({ origin }: Bench): Visitor {
  const open: Visitor["open"] = async (path, headers) => {
    const response = await fetch(`${origin}/sandbox/calendar${path}`, { headers });
    return { status: response.status, html: await response.text() };
  };
  return {
    open,
    week: (headers) => open(`?account=${ANN}&week=2026-11-23`, headers),
    async post(path, fields) {
      const response = await fetch(`${origin}/sandbox/calendar/${path}`, {
        method: "POST",
        body: new URLSearchParams({ account: ANN, week: "2026-11-23", ...fields }),
        redirect: "manual",
      });
      const at = new URL(response.headers.get("location") ?? "", origin).searchParams;
      return { status: response.status, at, html: await response.text() };
    },
  };
}

/** Names of the grid's buttons; the agenda of narrow screens has the same once more. */
export function namesOf(html: string): string[] {
  const grid = html.split('class="agenda"')[0] ?? "";
  return [...grid.matchAll(/<button class="event"[^>]*aria-label="([^"]*)"/g)].map(([, name = ""]) => name);
}
