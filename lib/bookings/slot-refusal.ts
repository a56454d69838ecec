import { nearestSlots, type Schedule, type SlotRefusal } from "@/lib/calendar/slots";
import type { TimeRange } from "@/lib/calendar/time-range";
import { AppError } from "@/lib/platform/errors";

/** As many free slots are offered in the place of a taken one. */
const OFFERED = 6;

type Taken = Extract<SlotRefusal, "busy" | "booked">;

/** What is wrong with a start that could never be booked, in the words of its field. */
const FAULTS: Record<Exclude<SlotRefusal, Taken | "too_far">, string> = {
  past: "lies in the past",
  notice: "comes too soon: this service needs more notice",
  outside_hours: "lies outside working hours",
  off_grid: "is not the start of a slot",
};

/** Whether somebody else's time stands in the way; every other reason is the caller's own fault. */
export function isTaken(reason: SlotRefusal): reason is Taken {
  return reason === "busy" || reason === "booked";
}

/** The refusal of a start that no slot begins at. */
export function impossibleStart(reason: Exclude<SlotRefusal, Taken>): AppError {
  if (reason === "too_far") {
    const fields = [{ path: "start", message: "lies beyond what can be booked yet" }];
    return new AppError("range_too_far", "That lies too far in the future to be booked yet.", { fields });
  }
  const message = FAULTS[reason];
  return new AppError("invalid_input", `The start ${message}.`, { fields: [{ path: "start", message }] });
}

/** The refusal of a slot somebody has, with the free ones nearest to it. Says nothing of who or what has it. */
export function slotUnavailable(schedule: Schedule, start: Date, now: Date): AppError {
  const slots = nearestSlots(schedule, start, now, OFFERED).map(asText);
  return new AppError("slot_unavailable", "This time is no longer free.", { extra: { slots } });
}

/** A slot as it leaves the house. */
function asText({ start, end }: TimeRange): { start: string; end: string } {
  return { start: start.toISOString(), end: end.toISOString() };
}
