import type { ChangeWatcher, GrantedWatch, WatchRequest } from "@/lib/providers/change-watcher";
import { ProviderError } from "@/lib/providers/provider-error";

export interface ScriptedWatches {
  watcher: ChangeWatcher;
  created: (WatchRequest & { calendar: string })[];
  stopped: { externalId: string; resourceId: string }[];
  /** Whether it tells of changes of the list of calendars. */
  list: boolean;
  /** What happens while the next requests are answered, in order; what it returns replaces the ordinary grant. */
  onCreate: ((request: WatchRequest) => Promise<Partial<GrantedWatch> | undefined>)[];
  onStop: (() => Promise<void>)[];
}

/** A vendor that tells of changes as a test has it. Grants what it is asked for, from `now` on. */
export function scriptedWatches(now: () => Date = () => new Date()): ScriptedWatches {
  const made: ScriptedWatches = {
    created: [],
    stopped: [],
    list: false,
    onCreate: [],
    onStop: [],
    watcher: {
      path: "/api/webhooks/google",
      lifetimeMs: 7 * 86_400_000,
      create: async (_access, { externalId: calendar }, request) => {
        made.created.push({ ...request, calendar });
        const answer = await made.onCreate.shift()?.(request);
        const expiresAt = new Date(now().getTime() + request.lifetimeMs);
        return { externalId: request.id, resourceId: `resource-${calendar}`, expiresAt, ...answer };
      },
      createForList: async (_access, request) => {
        if (!made.list) throw new ProviderError("not_supported");
        made.created.push({ ...request, calendar: "(list)" });
        const answer = await made.onCreate.shift()?.(request);
        const expiresAt = new Date(now().getTime() + request.lifetimeMs);
        return { externalId: request.id, resourceId: "resource-of-the-list", expiresAt, ...answer };
      },
      stop: async (_access, watch) => {
        made.stopped.push(watch);
        await made.onStop.shift()?.();
      },
    },
  };
  return made;
}
