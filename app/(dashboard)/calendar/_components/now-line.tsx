"use client";

import { useNow } from "next-intl";
import type { CSSProperties } from "react";
import styles from "@/app/(dashboard)/calendar/_components/calendar.module.css";

const A_MINUTE = 60_000;

interface NowLineProps {
  /** Instants in milliseconds and their minutes on the axis, ascending. */
  knots: [at: number, minute: number][];
  shown: { from: number; to: number };
}

/** Where the day stands, kept true while the page is open. */
export function NowLine({ knots, shown }: NowLineProps) {
  const now = useNow({ updateInterval: A_MINUTE }).getTime();
  const knot = knots.findLast(([at]) => at <= now);
  if (knot === undefined) return null;
  const minute = knot[1] + (now - knot[0]) / A_MINUTE;
  if (minute < shown.from || minute > shown.to) return null;
  return (
    <span
      aria-hidden
      className={styles.now}
      style={{ "--at": minute } as CSSProperties}
      suppressHydrationWarning
    />
  );
}
