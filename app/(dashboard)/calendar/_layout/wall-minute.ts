import type { Axis } from "@/app/(dashboard)/calendar/_layout/axis";

/** What the wall clock shows at a point of the axis, in minutes from midnight. */
export function wallMinuteAt(axis: Axis, minute: number): number {
  let wall = minute;
  for (const { until, length } of axis.repetitions) {
    if (wall >= until) wall -= length;
  }
  return wall;
}
