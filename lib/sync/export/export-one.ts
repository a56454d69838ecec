import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { spanRange } from "@/lib/calendar/event-time";
import { exportKey } from "@/lib/calendar/export-key";
import {
  type ExportFacts,
  type ExportStep,
  type Heard,
  type OwnerChange,
  planExport,
} from "@/lib/calendar/export-plan";
import { contentHash } from "@/lib/calendar/shape-hash";
import { sameRange } from "@/lib/calendar/time-range";
import { withAccess } from "@/lib/connections/access";
import type { Services } from "@/lib/connections/services";
import { providerOf } from "@/lib/connections/stored-tokens";
import type { Access } from "@/lib/providers/access";
import type { EventDraft, EventWriter, OwnEvent, RemoteEvent } from "@/lib/providers/event-writer";
import { ProviderError, type ProviderErrorKind } from "@/lib/providers/provider-error";
import { type ExportClaim, prolong } from "@/lib/sync/export/claim";
import { draftEvent } from "@/lib/sync/export/draft";
import type { ExportRun } from "@/lib/sync/export/export-log";
import { noteId, observe } from "@/lib/sync/export/observe";

/** More answers than this to one event, each asking for another request: somebody is at it at the same time. */
const MOST_STEPS = 8;

interface Go {
  claim: ExportClaim;
  writer: EventWriter;
  draft: EventDraft;
  heard: Heard;
  /** The live event that was found or written. */
  found: OwnEvent | null;
  written: CalendarEvent | null;
}

/**
 * Brings one event to what is wanted of it: plan, at most one write, hear, and again until nothing is left to do.
 * Only then is anything but the id stored: a go that dies on the way is repeated, and finds what it had done. Answers
 * whether an event was written or removed. Throws what keeps it from ending.
 */
export async function exportOne(services: Services, run: ExportRun, claim: ExportClaim): Promise<boolean> {
  const go = begin(services, claim);
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const step = planExport(factsOf(services, go), go.heard);
    const ended = await end(services, run, go, step);
    if (ended !== null) return ended;
    await ask(services, go, step);
    if (go.written !== null) {
      await observe(
        services,
        run,
        go.claim,
        { type: "written", event: go.written, stamp: go.draft.stamp },
        true,
      );
      return true;
    }
  }
  throw new ProviderError("transient", { detail: "no_end" });
}

function begin(services: Services, claim: ExportClaim): Go {
  const { details, locale, timeZone } = claim;
  return {
    claim,
    writer: providerOf(services, claim.vendor).events,
    draft: draftEvent(claim.booking, { details, locale, timeZone, appOrigin: services.appOrigin }),
    heard: { type: "nothing" },
    found: null,
    written: null,
  };
}

function factsOf(services: Services, { claim, writer, draft }: Go): ExportFacts {
  const choosesIds = writer.idOf("") === null;
  return {
    desired: claim.desired,
    verify: claim.verify,
    remoteState: claim.remoteState,
    written: claim.written !== null,
    asked: claim.externalId !== null || (choosesIds && claim.leaseEpoch > 1),
    named: claim.externalId !== null,
    etag: claim.etag,
    contentHash: claim.contentHash,
    wantedHash: draft.stamp,
    cancelled: claim.cancelled,
    over: claim.booking.endsAt <= services.clock.now(),
  };
}

/** Steps that ask nothing more of the vendor. Null for one that does. */
async function end(services: Services, run: ExportRun, go: Go, step: ExportStep): Promise<boolean | null> {
  const { claim, found, draft } = go;
  if (step.do === "settle") {
    const removed = step.gone && claim.written !== null;
    await observe(services, run, claim, { type: step.gone ? "gone" : "settled" }, removed);
    return removed;
  }
  if (step.do === "adopt" && found !== null) {
    const isNews = claim.written === null || (claim.contentHash ?? draft.stamp) !== draft.stamp;
    await observe(services, run, claim, { type: "written", event: found.event, stamp: draft.stamp }, isNews);
    return isNews;
  }
  if (step.do !== "note") return null;
  const seen =
    step.state === "deleted" || found === null
      ? ({ type: "deleted" } as const)
      : ({ type: "changed", by: step.state, event: found.event } as const);
  await observe(services, run, claim, seen, false);
  return false;
}

/** Asks the vendor once, and turns what a plan can go on from into `heard`. Everything else is thrown. */
async function ask(services: Services, go: Go, step: ExportStep): Promise<void> {
  const { claim } = go;
  if (step.do === "create") await choose(services, go, step.nextId);
  else await prolong(services.db, claim);
  try {
    await withAccess(services, claim.connectionId, (access) => request(services, go, step, access), {
      patient: true,
    });
  } catch (error) {
    const heard = error instanceof ProviderError ? hearError(go, step, error.kind) : null;
    if (heard === null) throw error;
    go.heard = heard;
  }
}

/** The id is stored before the vendor is asked, so that an import that meets the event first knows it. */
async function choose(services: Services, go: Go, nextId: boolean): Promise<void> {
  const { claim, writer } = go;
  const idGeneration = claim.idGeneration + (nextId ? 1 : 0);
  const externalId = writer.idOf(keyOf(services, { ...claim, idGeneration }));
  if (externalId !== null && externalId !== claim.externalId) {
    await noteId(services, claim, externalId, idGeneration);
    go.claim = { ...claim, externalId, idGeneration };
  } else await prolong(services.db, claim);
}

function keyOf({ appOrigin }: Services, claim: ExportClaim): string {
  const { vendor: provider, calendarExternalId, idGeneration: generation } = claim;
  return exportKey({
    installation: appOrigin,
    bookingId: claim.booking.id,
    provider,
    calendarExternalId,
    generation,
  });
}

async function request(services: Services, go: Go, step: ExportStep, access: Access): Promise<void> {
  const { claim, writer, draft } = go;
  const calendar = { externalId: claim.movedTo ?? claim.calendarExternalId, timeZone: claim.timeZone };
  const key = keyOf(services, claim);
  const id = go.found?.event.externalId ?? claim.externalId ?? key;
  if (step.do === "create") go.written = await writer.create(access, calendar, key, draft);
  else if (step.do === "look")
    hear(go, await writer.find(access, calendar, { externalId: claim.externalId, key }));
  else if (step.do === "update") {
    const { etag, restore } = step;
    go.written = await writer.update(access, calendar, id, draft, { etag, restore });
  } else if (step.do === "remove") {
    await writer.remove(access, calendar, id, { etag: step.etag });
    go.heard = { type: "deleted" };
  }
}

function hear(go: Go, remote: RemoteEvent | null): void {
  go.found = null;
  if (remote === null) go.heard = { type: "absent" };
  else if (remote.status === "deleted") go.heard = { type: "deleted" };
  else {
    go.found = remote;
    const hash = remote.recurring ? "" : contentHash(remote.event, remote.description);
    go.heard = { type: "live", change: changeOf(go.claim, remote, hash), hash, etag: remote.event.etag };
  }
}

/** Anything but what we wrote last, whether or not we came to remember it, is its owner's own. */
function changeOf(claim: ExportClaim, remote: OwnEvent, hash: string): OwnerChange | null {
  if (hash !== "" && (hash === remote.stamp || hash === claim.contentHash)) return null;
  const { written, timeZone } = claim;
  return written !== null && sameRange(written, spanRange(remote.event, timeZone)) ? "edited" : "moved";
}

/** What an error says of the event itself; null where it says nothing a plan could go on from. */
function hearError(go: Go, step: ExportStep, kind: ProviderErrorKind): Heard | null {
  switch (step.do) {
    case "create":
      return kind === "duplicate" ? { type: "taken" } : null;
    case "update":
      return go.heard.type === "deleted" ? hearRevival(kind) : hearWrite(kind, { type: "deleted" });
    case "remove":
      return kind === "not_found" ? { type: "absent" } : hearWrite(kind, { type: "absent" });
    case "look":
      return kind === "not_found" && go.claim.desired === "absent" ? { type: "absent" } : null;
    default:
      return null;
  }
}

function hearWrite(kind: ProviderErrorKind, gone: Heard): Heard | null {
  if (kind === "gone") return gone;
  // An unknown event may also be a calendar that is gone: a look tells.
  return kind === "not_found" || kind === "precondition_failed" ? { type: "stale" } : null;
}

function hearRevival(kind: ProviderErrorKind): Heard | null {
  const refused = kind === "gone" || kind === "not_found" || kind === "permission_denied";
  return refused ? { type: "unrevivable" } : null;
}
