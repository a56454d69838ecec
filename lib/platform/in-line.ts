/** One that works and one that is ready when it ends. */
const AT_ONCE = 2;
const lines = new Map<string, { running: number; waiting: (() => void)[] }>();

/** Lets two of one key work at once in this process, the others after them in the order they came. */
export async function inLine<T>(key: string, work: () => Promise<T>): Promise<T> {
  const line = lines.get(key) ?? { running: 0, waiting: [] };
  lines.set(key, line);
  if (line.running >= AT_ONCE) await new Promise<void>((resume) => line.waiting.push(resume));
  else line.running += 1;
  try {
    return await work();
  } finally {
    const next = line.waiting.shift();
    if (next !== undefined) next();
    else line.running -= 1;
    if (line.running === 0) lines.delete(key);
  }
}

/** How many of a key wait for their turn in this process. */
export function waitingInLine(key: string): number {
  return lines.get(key)?.waiting.length ?? 0;
}
