"use client";

import { useFormatter, useNow } from "next-intl";

const TEN_SECONDS = 10_000;

interface RelativeTimeProps {
  /** RFC 3339 instant. */
  at: string;
  className?: string;
}

/** "3 minutes ago", kept true while the page is open; the full date and time is its title. */
export function RelativeTime({ at, className }: RelativeTimeProps) {
  const now = useNow({ updateInterval: TEN_SECONDS });
  const format = useFormatter();
  const instant = new Date(at);
  return (
    <time
      className={className}
      dateTime={at}
      suppressHydrationWarning
      title={format.dateTime(instant, { dateStyle: "full", timeStyle: "long" })}
    >
      {format.relativeTime(instant, now)}
    </time>
  );
}
