import type { Clock } from "../../core/clock";
import { roll } from "./dice";
import type { Parcel } from "./lanes";
import type { Channel, ResourceState } from "./model";
import type { PushSwitches } from "./switches";

export interface Message extends Parcel {
  channel: Channel;
  state: ResourceState;
  number: number;
  attempt: number;
  /** Until then another change needs no message of its own. */
  openUntil: number;
}

const LARGEST_STEP = 5;

/** The channel's next message. The first has number 1; later numbers leave gaps. */
export function nextMessage(
  clock: Clock,
  switches: PushSwitches,
  channel: Channel,
  state: ResourceState,
): Message {
  channel.messages += 1;
  const step = 1 + Math.floor(roll(switches.seed(), channel, "gap") * LARGEST_STEP);
  channel.number += channel.number === 0 ? 1 : step;
  const openUntil = state === "exists" ? clock.ms() + switches.coalesceMs() : 0;
  const dueAt = Math.max(openUntil, clock.ms()) + switches.delay() * 1_000;
  return { channel, state, number: channel.number, attempt: 0, openUntil, dueAt, yields: false };
}

// The example message of the push guide shows these headers and this content type.
export function headersOf({ channel, state, number }: Message): Record<string, string> {
  return {
    "content-type": "application/json; utf-8",
    accept: "*/*",
    "user-agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google)",
    "x-goog-channel-id": channel.id,
    ...(channel.token !== undefined && { "x-goog-channel-token": channel.token }),
    "x-goog-channel-expiration": new Date(channel.expiration).toUTCString(),
    "x-goog-resource-id": channel.resourceId,
    "x-goog-resource-uri": channel.resourceUri,
    "x-goog-resource-state": state,
    "x-goog-message-number": String(number),
  };
}
