import { type Journal, type JournalLine, openJournal } from "./journal";

/** Typed values by key. Values may be changed in place; then `touch(key)` must follow, or a restart forgets the change. */
export interface Collection<V> {
  readonly size: number;
  get(key: string): V | undefined;
  has(key: string): boolean;
  set(key: string, value: V): V;
  delete(key: string): boolean;
  /** Marks the value as changed in place. */
  touch(key: string): void;
  values(): IterableIterator<V>;
  entries(): IterableIterator<[string, V]>;
  clear(): void;
}

/** One value that is journalled whole. Change it in place, then `touch()`. */
interface Section<T> {
  readonly value: T;
  replace(value: T): void;
  touch(): void;
}

export interface Store {
  /** The collection of that name, filled with what the journal held; asking twice gives the same one. */
  collection<V>(name: string): Collection<V>;
  section<T>(name: string, options: { initial: () => T }): Section<T>;
  /** Empties every collection, sections go back to their initial value. Seeding is the caller's task. */
  reset(): void;
  /** Writes what is pending, at once. */
  flush(): void;
  close(): void;
}

const FLUSH_DELAY_MS = 200;
const COMPACT_ABOVE_LINES = 20_000;

export function createStore(options: { file?: string }): Store {
  const collections = new Map<string, Map<string, unknown>>();
  const dirty = new Map<string, Set<string>>();
  let timer: NodeJS.Timeout | undefined;
  const mapOf = (name: string) => getOrCreate(collections, name, () => new Map<string, unknown>());

  const journal: Journal | undefined =
    options.file === undefined
      ? undefined
      : openJournal(options.file, (line) => {
          if (line.v === undefined) mapOf(line.c).delete(line.k);
          else mapOf(line.c).set(line.k, line.v);
        });

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (journal === undefined || dirty.size === 0) return;
    journal.append(pendingLines(collections, dirty));
    dirty.clear();
    if (journal.lineCount() > COMPACT_ABOVE_LINES && journal.lineCount() > 4 * countOf(collections)) {
      journal.rewrite(allLines(collections));
    }
  };
  const mark = (name: string, key: string) => {
    if (journal === undefined) return;
    getOrCreate(dirty, name, () => new Set<string>()).add(key);
    timer ??= setTimeout(flush, FLUSH_DELAY_MS);
  };
  const collection = <V>(name: string) =>
    createCollection<V>(mapOf(name) as Map<string, V>, (key) => mark(name, key));

  return {
    collection,
    section: (name, { initial }) => createSection(collection(`section:${name}`), initial),
    reset() {
      for (const [name, map] of collections) {
        for (const key of map.keys()) mark(name, key);
        map.clear();
      }
    },
    flush,
    close() {
      flush();
      journal?.close();
    },
  };
}

function createCollection<V>(map: Map<string, V>, mark: (key: string) => void): Collection<V> {
  return {
    get size() {
      return map.size;
    },
    get: (key) => map.get(key),
    has: (key) => map.has(key),
    set(key, value) {
      map.set(key, value);
      mark(key);
      return value;
    },
    delete(key) {
      const existed = map.delete(key);
      if (existed) mark(key);
      return existed;
    },
    touch: mark,
    values: () => map.values(),
    entries: () => map.entries(),
    clear() {
      for (const key of map.keys()) mark(key);
      map.clear();
    },
  };
}

function createSection<T>(holder: Collection<T>, initial: () => T): Section<T> {
  const read = () => holder.get("value") ?? holder.set("value", initial());
  return {
    get value() {
      return read();
    },
    replace: (value) => {
      holder.set("value", value);
    },
    touch: () => holder.touch("value"),
  };
}

function getOrCreate<V>(map: Map<string, V>, key: string, create: () => V): V {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const created = create();
  map.set(key, created);
  return created;
}

function countOf(collections: ReadonlyMap<string, ReadonlyMap<string, unknown>>): number {
  let count = 0;
  for (const map of collections.values()) count += map.size;
  return count;
}

function pendingLines(
  collections: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
  dirty: ReadonlyMap<string, ReadonlySet<string>>,
): JournalLine[] {
  return [...dirty].flatMap(([name, keys]) =>
    [...keys].map((key) => ({ c: name, k: key, v: collections.get(name)?.get(key) })),
  );
}

function* allLines(collections: ReadonlyMap<string, ReadonlyMap<string, unknown>>): Generator<JournalLine> {
  for (const [name, map] of collections) for (const [key, value] of map) yield { c: name, k: key, v: value };
}
