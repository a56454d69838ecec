import { z } from "zod";

const ids = z.array(z.uuid()).max(1_000);

/** `retryAt`: it was tried and failed, and is to be tried again then; milliseconds of the epoch. */
const rounds = z.object({ connectionId: z.uuid(), calendarIds: ids, retryAt: z.int().optional() });

/** Everything that travels through the queue. Ids only: queues keep payloads for ever. */
export const EVENTS = {
  "calendar/sync.requested": rounds,
  "calendar/changed": rounds,
  "calendar/shard.due": z.object({ calendarIds: ids }),
  "calendar/probe.due": z.object({ probeId: z.uuid() }),
  "connection/calendars.stale": z.object({ connectionId: z.uuid() }),
  "connection/watches.due": z.object({ connectionId: z.uuid() }),
  "connection/disconnected": z.object({ connectionId: z.uuid() }),
  "connection/exports.due": z.object({ connectionId: z.uuid() }),
  "mail/due": z.object({}),
} as const;

export type EventName = keyof typeof EVENTS;

/** The data of an event as its schema has it; throws on anything else. */
export function eventData<N extends EventName>(
  name: N,
  event: { data?: unknown },
): z.infer<(typeof EVENTS)[N]> {
  return EVENTS[name].parse(event.data) as z.infer<(typeof EVENTS)[N]>;
}
