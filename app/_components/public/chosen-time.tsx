import { cn } from "@/app/_components/cn";
import type { ChosenSlot } from "@/app/_components/public/read-page";
import { useTimeWords } from "@/app/_components/public/use-time-words";
import type { Visit } from "@/app/_components/public/visit";
import { ZoneChoice } from "@/app/_components/public/zone-choice";

interface ChosenTimeProps {
  slot: ChosenSlot;
  visit: Visit;
  path: string;
  provider: { name: string; timeZone: string };
  /** What the time is called. */
  title: string;
  /** The way back to the other times. */
  another: { href: string; words: string };
}

/** The time about to be booked, large, in a zone that can still be changed. */
export function ChosenTime({ slot, visit, path, provider, title, another }: ChosenTimeProps) {
  const words = useTimeWords(visit.zone);
  const struck = slot.isFree ? undefined : "line-through";
  const [start, end] = [new Date(slot.start), new Date(slot.end)];
  return (
    <div className="space-y-3">
      <div className="rounded-card bg-brand-soft px-5 py-4 text-brand-ink sm:px-8 sm:py-5">
        <p className="text-sm">{title}</p>
        <p className={cn("text-xl font-semibold first-letter:uppercase", struck)}>{words.dayOfYear(start)}</p>
        <p className={cn("text-lg tabular-nums", struck)}>{words.hours(start, end)}</p>
        <a
          className="mt-1 -mb-2 inline-flex min-h-11 items-center text-sm font-medium underline underline-offset-4"
          href={another.href}
        >
          {another.words}
        </a>
      </div>
      <ZoneChoice at={start} path={path} provider={provider} visit={visit} />
    </div>
  );
}
