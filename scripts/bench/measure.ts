import { loadavg } from "node:os";

export interface Figures {
  min: number;
  p50: number;
  p95: number;
  p99: number;
  runs: number;
}

/** Milliseconds one call takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function figures(samples: readonly number[]): Figures {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { min: at(0), p50: at(0.5), p95: at(0.95), p99: at(0.99), runs: sorted.length };
}

export function line(name: string, result: Figures, goal = ""): string {
  const cell = (value: number) => `${value < 10 ? value.toFixed(2) : Math.round(value)}`.padStart(8);
  return `${name.padEnd(46)}${cell(result.min)}${cell(result.p50)}${cell(result.p95)}${cell(result.p99)}  ms  ${goal}`;
}

export function ratio(name: string, value: number, goal = ""): string {
  return `${name.padEnd(46)}${value.toFixed(2).padStart(16)}${" ".repeat(16)}  ×   ${goal}`;
}

/** One number that is no distribution. */
export function single(name: string, value: number, unit: string, goal = ""): string {
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(2);
  return `${name.padEnd(46)}${shown.padStart(16)}${" ".repeat(16)}  ${unit.padEnd(3)} ${goal && `goal ${goal}`}`;
}

export function load(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(" ");
}
