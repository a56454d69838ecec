import type { MailKind } from "@/lib/mail/claim";
import type { BookingNews } from "@/lib/mail/mail-content";

type Verdict = { send: BookingNews } | { drop: "past" | "superseded" | "never_told"; all: boolean };

/**
 * What a mail owed about a booking says by now. It was owed for an earlier version perhaps, and tells the present
 * one. Whoever never heard of a booking does not hear of its end.
 */
export function judgeNews(
  mail: { kind: MailKind; mayHaveArrived: boolean },
  booking: { status: "confirmed" | "cancelled"; endsAt: Date },
  now: Date,
): Verdict {
  if (booking.endsAt <= now) return { drop: "past", all: false };
  const owed = mail.kind.replace("provider_", "").replace("booking_", "");
  if (booking.status === "cancelled") {
    const untold = owed === "confirmed" && !mail.mayHaveArrived;
    return untold ? { drop: "never_told", all: true } : { send: "cancelled" };
  }
  if (owed === "confirmed" || owed === "moved") return { send: owed };
  return { drop: "superseded", all: false };
}
