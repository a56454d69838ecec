import type { Clock } from "../../core/clock";
import type { Channels } from "./channels";
import { createCourier } from "./courier";
import type { DeliveryLog } from "./delivery-log";
import { roll } from "./dice";
import { createLanes } from "./lanes";
import { headersOf, type Message, nextMessage } from "./message";
import { type Channel, channelKey, type ResourceState } from "./model";
import type { PostResult } from "./post";
import type { PushSwitches } from "./switches";

/** Numbers messages, rolls the dice of the switches and delivers. Whoever posts never waits for a receiver. */
export interface Outbox {
  post(channel: Channel, state: ResourceState): void;
  /** The first message of a channel; resolves when it was sent, if the switch wants it before the answer. */
  welcome(channel: Channel): Promise<void>;
  /** A message outside order and dice, with headers replaced or (null) left out, to any address on this machine. */
  forge(channel: Channel, state: ResourceState, order: Forgery): Promise<PostResult>;
  drop(channel: Channel): void;
  pending(channel?: Channel): number;
  deliverNow(channel?: Channel): Promise<void>;
  clear(): void;
  close(): void;
}

interface Forgery {
  address?: string;
  headers?: Record<string, string | null>;
}

const MAX_PENDING = 20_000;
const MAX_PENDING_PER_CHANNEL = 500;
const AT_ONCE = 32;
// Lets the answer of watch leave first.
const WELCOME_AFTER_MS = 20;

export function createOutbox(
  clock: Clock,
  channels: Channels,
  log: DeliveryLog,
  switches: PushSwitches,
): Outbox {
  const courier = createCourier(clock, log, switches);
  const lanes = createLanes<Message>(clock, AT_ONCE, courier.attempt);
  const next = (channel: Channel, state: ResourceState) => {
    const message = nextMessage(clock, switches, channel, state);
    channels.touch(channel);
    return message;
  };
  const enqueue = (message: Message) => {
    const key = channelKey(message.channel);
    if (lanes.pending() < MAX_PENDING && lanes.pending(key) < MAX_PENDING_PER_CHANNEL)
      lanes.add(key, message);
    else courier.write(message, "overflow");
  };
  const isCovered = (channel: Channel, state: ResourceState) => {
    const newest = lanes.newest(channelKey(channel));
    return state === "exists" && newest?.state === "exists" && newest.openUntil > clock.ms();
  };
  const post = (channel: Channel, state: ResourceState, dueIn = 0) => {
    if (isCovered(channel, state)) return log.count("coalesced");
    const message = next(channel, state);
    message.dueAt += dueIn;
    const happens = (what: string, percentage: number) =>
      roll(switches.seed(), channel, what) * 100 < percentage;
    if (happens("drop", switches.drop())) return courier.write(message, "lost");
    if (happens("duplicate", switches.duplicate())) enqueue({ ...message });
    enqueue({ ...message, yields: happens("reorder", switches.reorder()) });
  };
  return {
    post,
    async welcome(channel) {
      if (!switches.syncBeforeResponse()) return post(channel, "sync", WELCOME_AFTER_MS);
      const message = next(channel, "sync");
      const again = await courier.attempt(message);
      if (again !== undefined) enqueue({ ...message, dueAt: clock.ms() + again });
    },
    forge(channel, state, { address = channel.address, headers = {} }) {
      const message = next(channel, state);
      const all = Object.entries({ ...headersOf(message), ...headers });
      const kept = all.filter((header): header is [string, string] => header[1] !== null);
      return courier.sendOnce(message, address, Object.fromEntries(kept));
    },
    drop: (channel) => lanes.drop(channelKey(channel)),
    pending: (channel) => lanes.pending(channel && channelKey(channel)),
    deliverNow: (channel) => lanes.deliverNow(channel && channelKey(channel)),
    clear: () => lanes.clear(),
    close() {
      courier.close();
      lanes.clear();
    },
  };
}
