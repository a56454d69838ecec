"use client";

import { useFormatter, useNow } from "next-intl";

const TEN_SECONDS = 10_000;

interface RelativeTimeProps {
  /** RFC 3339 instant. */
  at: string;
  /** Something to come, due now once its time is over. Anything else was, whatever this browser's clock says. */
  ahead?: boolean;
  className?: string;
}

/** "3 minutes ago", kept true while the page is open; the full date and time is its title. */
export function RelativeTime({ at, ahead = false, className }: RelativeTimeProps) {
  const now = useNow({ updateInterval: TEN_SECONDS });
  const format = useFormatter();
  const instant = new Date(at);
  // News arrives between two looks at the clock, and a server's clock may run before the browser's.
  const shown = ahead === instant > now ? instant : now;
  return (
    <time
      className={className}
      dateTime={at}
      suppressHydrationWarning
      title={format.dateTime(instant, { dateStyle: "full", timeStyle: "long" })}
    >
      {format.relativeTime(shown, now)}
    </time>
  );
}
