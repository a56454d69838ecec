import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { CSSProperties } from "react";
import { cn } from "@/app/_components/cn";
import styles from "@/app/(dashboard)/calendar/_components/calendar.module.css";
import { EntryDialog } from "@/app/(dashboard)/calendar/_components/entry-dialog";
import { useEntryWords } from "@/app/(dashboard)/calendar/_components/use-entry-words";
import type { CalendarEntry } from "@/app/(dashboard)/calendar/calendar-entry";

interface EntryProps {
  entry: CalendarEntry;
  /** One line of words, for low boxes. */
  line: boolean;
  /** It stands above the hours. */
  whole?: boolean;
  continues: { before: boolean; after: boolean };
}

/** One entry as a box; opening it shows everything known of it. */
export function Entry({ entry, line, whole = false, continues }: EntryProps) {
  const t = useTranslations("calendar");
  const words = useEntryWords(entry);
  return (
    <EntryDialog
      className={cn(
        styles.button,
        styles.look,
        styles[lookOf(entry)],
        line && styles.line,
        continues.before && "lg:rounded-l-none",
        continues.after && "lg:rounded-r-none",
      )}
      details={words.details}
      style={colorOf(entry)}
    >
      <span className={cn(styles.time, words.exact && styles.exact)}>{words.time}</span>
      <span className={styles.title}>
        {words.trouble !== null && (
          <TriangleAlert aria-hidden className="mr-1 inline size-3.5 align-[-0.15em]" />
        )}
        {words.details.title}
        {whole && continues.before && <span className="sr-only"> {t("continues")}</span>}
      </span>
      <span className={styles.meta}>{words.meta}</span>
    </EntryDialog>
  );
}

export type Look = "booked" | "busy" | "moved" | "off" | "free";

function lookOf({ source, displaced, blocks }: CalendarEntry): Look {
  if (source === "booking") return "booked";
  if (source === "manual") return "off";
  if (displaced !== null) return "moved";
  return blocks ? "busy" : "free";
}

const HEX = /^#[\da-f]{6}$/i;

/** The calendar's own colour, where it is one. */
function colorOf({ calendar, displaced }: CalendarEntry): CSSProperties | undefined {
  const color = calendar?.color;
  if (displaced !== null || typeof color !== "string" || !HEX.test(color)) return undefined;
  return { "--tone": color } as CSSProperties;
}
