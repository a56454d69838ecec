"use client";

import { useRouter } from "next/navigation";
import type { MouseEvent } from "react";
import type { Axis } from "@/app/(dashboard)/calendar/_layout/axis";
import { wallMinuteAt } from "@/app/(dashboard)/calendar/_layout/wall-minute";
import { clockOf, whyHref } from "@/app/(dashboard)/calendar/why-address";
import type { IsoDate } from "@/lib/calendar/iso-date";

const STEP = 30;

interface EmptyTimeProps {
  date: IsoDate;
  axis: Axis;
  shown: { from: number; to: number };
  here: string;
  className: string | undefined;
}

/**
 * The ground below the entries of a day: a click asks why that half hour is free or not. For the pointer alone, and
 * hidden from the rest: the button above the calendar asks the same of any time.
 */
export function EmptyTime({ date, axis, shown, here, className }: EmptyTimeProps) {
  const router = useRouter();

  function ask({ clientY, currentTarget }: MouseEvent) {
    const { top, height } = currentTarget.getBoundingClientRect();
    const minute = shown.from + ((clientY - top) / height) * (shown.to - shown.from);
    const from = Math.min(Math.floor(wallMinuteAt(axis, minute) / STEP) * STEP, 24 * 60 - STEP);
    router.push(whyHref(here, { date, from: clockOf(from), to: clockOf(from + STEP) }), { scroll: false });
  }

  return <button aria-hidden className={className} onClick={ask} tabIndex={-1} type="button" />;
}
