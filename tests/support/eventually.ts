import { waitFor } from "@/scripts/lib/wait";

/** Far beyond what a slow machine needs: a limit ends the wait for what never comes, and measures nothing. */
const LIMIT_MS = 150_000;

/** Looks until it is true; says what was hoped for when it never is. */
export async function eventually(hope: string, probe: () => Promise<boolean> | boolean): Promise<void> {
  await waitFor(async () => (await probe()) || undefined, {
    limitMs: LIMIT_MS,
    everyMs: 20,
    onLimit: () => new Error(`never: ${hope}`),
  });
}
