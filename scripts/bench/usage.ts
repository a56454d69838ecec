import { readdirSync, readFileSync } from "node:fs";

/** What a program and all it started used so far. */
export interface Usage {
  cpuSeconds: number;
  /** Resident memory now. Of programs that share memory (PostgreSQL) it counts that once for each process. */
  rssMb: number;
}

/** The kernel counts processor time in hundredths of a second, on every Linux that runs Node. */
const TICKS = 100;
const PAGE_BYTES = 4_096;

interface Entry {
  parent: number;
  ticks: number;
  /** Of children that are gone already. */
  buried: number;
  pages: number;
}

/** Of a process and its descendants; null where the system does not tell (anything but Linux). */
export function usageOf(pid: number): Usage | null {
  const all = processes();
  if (!all.has(pid)) return null;
  let [ticks, pages] = [0, 0];
  for (const [id, entry] of all) {
    if (!descends(all, id, pid)) continue;
    ticks += entry.ticks + entry.buried;
    pages += entry.pages;
  }
  return { cpuSeconds: ticks / TICKS, rssMb: (pages * PAGE_BYTES) / 1e6 };
}

function descends(all: ReadonlyMap<number, Entry>, id: number, ancestor: number): boolean {
  for (let at: number | undefined = id; at !== undefined && at > 1; at = all.get(at)?.parent) {
    if (at === ancestor) return true;
  }
  return false;
}

function processes(): Map<number, Entry> {
  const found = new Map<number, Entry>();
  for (const name of readable(() => readdirSync("/proc")) ?? []) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readable(() => readFileSync(`/proc/${name}/stat`, "utf8"));
    // The name, in parentheses, may hold spaces: fields are counted from behind it.
    const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields === undefined) continue;
    const field = (index: number) => Number(fields[index - 3] ?? 0);
    found.set(Number(name), {
      parent: field(4),
      ticks: field(14) + field(15),
      buried: field(16) + field(17),
      pages: field(24),
    });
  }
  return found;
}

/** Processes come and go while we look. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
