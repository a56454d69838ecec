import type { World } from "../calendar/world";
import type { Channels } from "./channels";
import type { DeliveryLog } from "./delivery-log";
import type { Outbox } from "./outbox";
import type { PushSwitches } from "./switches";

/** Everything that push works with. */
export interface Push {
  world: World;
  switches: PushSwitches;
  channels: Channels;
  log: DeliveryLog;
  outbox: Outbox;
}
