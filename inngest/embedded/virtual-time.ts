import type { Timers } from "@/inngest/embedded/timers";
import type { Clock } from "@/lib/platform/clock";

interface Appointment {
  at: number;
  order: number;
  run(): void;
}

/** Time that moves only when told to: clock and timers for tests of what happens hours from now. */
export interface VirtualTime extends Clock, Timers {
  /** Moves on, firing what is due in order; after each moment it waits for `settled`. */
  advance(milliseconds: number, settled: () => Promise<void>): Promise<void>;
  /** Sets the clock without firing anything, as a machine that slept or a corrected clock does. */
  jump(milliseconds: number): void;
  pending(): number;
}

export function createVirtualTime(start: Date): VirtualTime {
  // Timers run on elapsed time, as a machine's do: setting the clock moves none of them.
  let elapsed = 0;
  let clockAtZero = start.getTime();
  let order = 0;
  const appointments = new Set<Appointment>();

  function nextDue(limit: number): Appointment | undefined {
    let first: Appointment | undefined;
    for (const each of appointments) {
      if (each.at > limit) continue;
      if (!first || each.at < first.at || (each.at === first.at && each.order < first.order)) first = each;
    }
    return first;
  }

  return {
    now: () => new Date(clockAtZero + elapsed),
    after(milliseconds, run) {
      const appointment = { at: elapsed + Math.max(0, milliseconds), order: order++, run };
      appointments.add(appointment);
      return () => appointments.delete(appointment);
    },
    async advance(milliseconds, settled) {
      const target = elapsed + milliseconds;
      await settled();
      for (let due = nextDue(target); due; due = nextDue(target)) {
        appointments.delete(due);
        elapsed = Math.max(elapsed, due.at);
        due.run();
        await settled();
      }
      elapsed = target;
    },
    jump(milliseconds) {
      clockAtZero += milliseconds;
    },
    pending: () => appointments.size,
  };
}
