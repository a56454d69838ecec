import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { contentHash } from "@/lib/calendar/shape-hash";
import type { EventDraft, EventWriter } from "@/lib/providers/event-writer";
import { ProviderError, type ProviderErrorKind } from "@/lib/providers/provider-error";

type Call = "create" | "find" | "update" | "remove";

/** `before`: nothing is done. `after`: it is done and the answer lost. */
interface Failure {
  call: Call;
  kind: ProviderErrorKind;
  when?: "before" | "after";
  retryAfterMs?: number;
}

interface KeptEvent {
  event: CalendarEvent;
  description: string | null;
  stamp: string | null;
  recurring: boolean;
  deleted: boolean;
}

export interface ScriptedEvents {
  writer: EventWriter;
  /** Every call, in order: `create ID`. */
  calls: string[];
  /** By id. */
  kept: Map<string, KeptEvent>;
  live(): KeptEvent[];
  /** The next call of that sort fails so. */
  fail(...failures: Failure[]): void;
  /** Runs while the next call of that sort is on its way. */
  during(call: Call, act: () => Promise<void>): void;
  /** What its owner does to an event. */
  edit(id: string, change: Partial<CalendarEvent> & { description?: string }): void;
  delete(id: string): void;
}

/**
 * A vendor's calendar in memory that keeps events under the ids they are given, as Google does; or, with `choosesIds`,
 * under its own, where a create under a known key is answered with what that key made, as Microsoft does.
 */
export function scriptedEvents({ choosesIds = false } = {}): ScriptedEvents {
  const byKey = new Map<string, string>();
  const idFor = (key: string) => (choosesIds ? (byKey.get(key) ?? `own-${byKey.size + 1}`) : key);
  const kept = new Map<string, KeptEvent>();
  const calls: string[] = [];
  const failures: Failure[] = [];
  const meanwhile: { call: Call; act: () => Promise<void> }[] = [];
  let versions = 0;

  const version = () => {
    versions += 1;
    return { etag: `"${versions}"`, updatedAt: new Date(Date.UTC(2026, 0, 1) + versions * 1_000) };
  };
  const call = async <T>(name: Call, id: string, work: () => T): Promise<T> => {
    calls.push(`${name} ${id}`);
    const index = meanwhile.findIndex((entry) => entry.call === name);
    if (index >= 0) await meanwhile.splice(index, 1)[0]?.act();
    const failing = failures.findIndex((failure) => failure.call === name);
    const failure = failing < 0 ? undefined : failures.splice(failing, 1)[0];
    const error = failure && new ProviderError(failure.kind, { retryAfterMs: failure.retryAfterMs ?? null });
    if (error !== undefined && failure?.when !== "after") throw error;
    const result = work();
    if (error !== undefined) throw error;
    return result;
  };
  const held = (id: string, etag: string | null): KeptEvent => {
    const found = kept.get(id);
    if (found === undefined) throw new ProviderError("not_found");
    if (etag !== null && found.event.etag !== etag) throw new ProviderError("precondition_failed");
    return found;
  };

  const writer: EventWriter = {
    idOf: (key) => (choosesIds ? null : key),
    create: (_access, _calendar, key, draft) =>
      call("create", idFor(key), () => {
        const id = idFor(key);
        const known = kept.get(id);
        if (known !== undefined && choosesIds) return known.event;
        if (known !== undefined) throw new ProviderError("duplicate");
        byKey.set(key, id);
        return put(kept, id, draft, version());
      }),
    createProbe: () => Promise.reject(new ProviderError("not_supported")),
    find: (_access, _calendar, { externalId, key }) =>
      call("find", externalId ?? idFor(key), () => {
        const id = externalId ?? idFor(key);
        const found = kept.get(id);
        if (found === undefined) return null;
        if (found.deleted) return choosesIds ? null : { status: "deleted" as const, externalId: id };
        const { event, description, stamp, recurring } = found;
        return { status: "live" as const, event, description, stamp, recurring };
      }),
    update: (_access, _calendar, id, draft, { etag, restore = false }) =>
      call("update", id, () => {
        if (held(id, etag).deleted && !restore) throw new ProviderError("gone");
        return put(kept, id, draft, version());
      }),
    remove: (_access, _calendar, id, { etag }) =>
      call("remove", id, () => {
        const found = held(id, etag);
        if (found.deleted) throw new ProviderError("gone");
        kept.set(id, { ...found, deleted: true, event: { ...found.event, ...version() } });
      }),
  };

  const change = (id: string, next: Partial<KeptEvent>, event: Partial<CalendarEvent> = {}) => {
    const found = kept.get(id);
    if (found === undefined) throw new Error(`no event ${id}`);
    kept.set(id, { ...found, ...next, event: { ...found.event, ...event, ...version() } });
  };
  return {
    writer,
    calls,
    kept,
    live: () => [...kept.values()].filter(({ deleted }) => !deleted),
    fail: (...next) => void failures.push(...next),
    during: (name, act) => void meanwhile.push({ call: name, act }),
    edit: (id, { description, ...event }) =>
      change(id, description === undefined ? {} : { description }, event),
    delete: (id) => change(id, { deleted: true }),
  };
}

function put(
  kept: Map<string, KeptEvent>,
  id: string,
  draft: EventDraft,
  version: { etag: string; updatedAt: Date },
): CalendarEvent {
  const event: CalendarEvent = {
    externalId: id,
    seriesId: null,
    iCalUid: `${id}@example.test`,
    ...version,
    kind: "default",
    status: "confirmed",
    start: { kind: "instant", at: draft.start, zone: draft.timeZone },
    end: { kind: "instant", at: draft.end, zone: draft.timeZone },
    showAs: "busy",
    response: "none",
    title: draft.title,
    location: draft.location,
    attendees: [],
    organizerSelf: true,
    private: false,
    bookingMarker: draft.bookingMarker,
  };
  if (contentHash(event, draft.description) !== draft.stamp) throw new Error("the stamp is not the draft's");
  const { description, stamp } = draft;
  kept.set(id, { event, description, stamp, recurring: false, deleted: false });
  return event;
}
