import type { Collection } from "../../core/store";
import { type Change, ChangeLog } from "./change-log";
import type { CalendarRecord, EventDraft, RetiredSeries, SeriesTimes, StoredEvent } from "./model";

export interface CalendarCollections {
  calendars: Collection<CalendarRecord>;
  events: Collection<StoredEvent>;
  retired: Collection<RetiredSeries>;
}

// A kill may lose the journal's last lines: no number handed out in sync tokens before it may be given again.
const RESTART_GAP = 100_000;

/** One calendar's events with their indexes and change log. The collections hold the same facts for the journal. */
export class CalendarState {
  readonly #collections: CalendarCollections;
  readonly #events = new Map<string, StoredEvent>();
  readonly #previous = new Map<string, StoredEvent>();
  readonly #exceptions = new Map<string, Set<string>>();
  readonly #log = new ChangeLog();
  #seq = 0;
  #updated = "";
  #nextOrdinal = 1;
  record: CalendarRecord;

  constructor(record: CalendarRecord, collections: CalendarCollections) {
    this.record = record;
    this.#collections = collections;
  }

  get id(): string {
    return this.record.id;
  }

  /** When anything in it last changed. */
  get updated(): string {
    return this.#updated > this.record.updated ? this.#updated : this.record.updated;
  }

  /** Number of the newest change. */
  get seq(): number {
    return this.#seq;
  }

  get eventCount(): number {
    return this.#events.size;
  }

  /** Puts back what the journal held. Events must come in the order of their ordinals, changes in any. */
  restore(events: readonly StoredEvent[], retired: readonly RetiredSeries[]): void {
    const changes: Change[] = [];
    for (const event of events) {
      this.#index(event);
      this.#nextOrdinal = Math.max(this.#nextOrdinal, event.ordinal + 1);
      changes.push({ seq: event.changeSeq, eventId: event.id });
    }
    for (const one of retired) changes.push({ seq: one.seq, retired: one });
    changes.sort((a, b) => a.seq - b.seq);
    for (const change of changes) this.#log.append(change);
    this.#seq = changes.length === 0 ? 0 : (changes.at(-1)?.seq ?? 0) + RESTART_GAP;
  }

  get(eventId: string): StoredEvent | undefined {
    return this.#events.get(eventId);
  }

  /** The state before the last change, as long as the process remembers it. */
  previousOf(eventId: string): StoredEvent | undefined {
    return this.#previous.get(eventId);
  }

  /** All rows in order of creation, cancelled ones too. */
  events(): IterableIterator<StoredEvent> {
    return this.#events.values();
  }

  /** Exceptions of a series, cancelled ones too, without those that lost their place. */
  exceptionsOf(seriesId: string): StoredEvent[] {
    const found: StoredEvent[] = [];
    for (const id of this.#exceptions.get(seriesId) ?? []) {
      const event = this.#events.get(id);
      if (event !== undefined && event.dropped !== true) found.push(event);
    }
    return found;
  }

  changesBetween(from: number, to: number): readonly Change[] {
    return this.#log.between(from, to);
  }

  /** Writes an event as the newest change of the calendar. */
  put(draft: EventDraft): StoredEvent {
    const before = this.#events.get(draft.id);
    this.#seq += 1;
    const event: StoredEvent = {
      ...draft,
      calendarId: this.id,
      ordinal: before?.ordinal ?? this.#nextOrdinal++,
      changeSeq: this.#seq,
      etag: `"${Date.parse(draft.updated)}${String(this.#seq).padStart(6, "0")}"`,
    };
    if (before !== undefined) {
      this.#previous.set(event.id, before);
      this.#log.markStale();
    }
    this.#index(event);
    this.#log.append({ seq: this.#seq, eventId: event.id });
    this.#log.compact((seq, id) => this.#events.get(id)?.changeSeq === seq);
    this.#collections.events.set(`${this.id}\n${event.id}`, event);
    return event;
  }

  /** Remembers the times a series is about to lose. */
  retire(seriesId: string, times: SeriesTimes): void {
    this.#seq += 1;
    const { start, end, recurrence } = times;
    const retired = { calendarId: this.id, seq: this.#seq, seriesId, times: { start, end, recurrence } };
    this.#log.append({ seq: this.#seq, retired });
    this.#collections.retired.set(`${this.id}\n${this.#seq}`, retired);
  }

  /** Replaces the calendar's own properties. */
  changeRecord(change: Partial<CalendarRecord>, now: Date): void {
    const version = this.record.version + 1;
    this.record = { ...this.record, ...change, version, updated: now.toISOString() };
    this.#collections.calendars.set(this.id, this.record);
  }

  /** Takes the calendar and all its rows out of the journal. */
  purge(): void {
    for (const id of this.#events.keys()) this.#collections.events.delete(`${this.id}\n${id}`);
    for (const change of this.#log.between(0, this.#seq)) {
      if ("retired" in change) this.#collections.retired.delete(`${this.id}\n${change.seq}`);
    }
    this.#collections.calendars.delete(this.id);
  }

  #index(event: StoredEvent): void {
    this.#events.set(event.id, event);
    if (event.updated > this.#updated) this.#updated = event.updated;
    if (event.seriesId === undefined) return;
    const siblings = this.#exceptions.get(event.seriesId);
    if (siblings === undefined) this.#exceptions.set(event.seriesId, new Set([event.id]));
    else siblings.add(event.id);
  }
}

/** The times of a series' master, undefined for everything else. The same object comes back for the same state. */
export function seriesTimes(event: StoredEvent): SeriesTimes | undefined {
  const { start, end, recurrence } = event.fields;
  if (event.seriesId !== undefined || !start || !end || !recurrence || recurrence.length === 0)
    return undefined;
  return event.fields as SeriesTimes;
}
