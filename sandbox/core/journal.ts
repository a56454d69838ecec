import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** One line of the journal: collection, key, value; a line without value removes the key. */
export interface JournalLine {
  c: string;
  k: string;
  v?: unknown;
}

/** An append-only file of JSON lines. A line torn by a kill is cut off when the file is opened again. */
export interface Journal {
  append(lines: readonly JournalLine[]): void;
  /** Replaces the whole file, atomically. */
  rewrite(lines: Iterable<JournalLine>): void;
  lineCount(): number;
  close(): void;
}

const CHUNK_CHARACTERS = 1 << 20;

export function openJournal(path: string, onLine: (line: JournalLine) => void): Journal {
  mkdirSync(dirname(path), { recursive: true });
  let lineCount = replay(path, onLine);
  let descriptor = openSync(path, "a");
  return {
    append(lines) {
      lineCount += writeLines(descriptor, lines);
    },
    rewrite(lines) {
      const temporary = `${path}.tmp`;
      const fresh = openSync(temporary, "w");
      lineCount = writeLines(fresh, lines);
      closeSync(fresh);
      closeSync(descriptor);
      renameSync(temporary, path);
      descriptor = openSync(path, "a");
    },
    lineCount: () => lineCount,
    close: () => closeSync(descriptor),
  };
}

function replay(path: string, onLine: (line: JournalLine) => void): number {
  if (!existsSync(path)) return 0;
  const bytes = readFileSync(path);
  let start = 0;
  let count = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    onLine(JSON.parse(bytes.toString("utf8", start, end)) as JournalLine);
    start = end + 1;
    count += 1;
  }
  if (start < bytes.length) truncate(path, start);
  return count;
}

function truncate(path: string, length: number): void {
  const descriptor = openSync(path, "r+");
  ftruncateSync(descriptor, length);
  closeSync(descriptor);
}

function writeLines(descriptor: number, lines: Iterable<JournalLine>): number {
  let count = 0;
  let pending = "";
  for (const line of lines) {
    pending += `${JSON.stringify(line)}\n`;
    count += 1;
    if (pending.length < CHUNK_CHARACTERS) continue;
    writeSync(descriptor, pending);
    pending = "";
  }
  if (pending !== "") writeSync(descriptor, pending);
  return count;
}
