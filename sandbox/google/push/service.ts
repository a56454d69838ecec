import type { Service } from "../../core/context";
import type { World } from "../calendar/world";
import { createChannels } from "./channels";
import { addChannelControl } from "./control";
import { createDeliveryLog } from "./delivery-log";
import { listenToChanges } from "./notices";
import { createOutbox } from "./outbox";
import { addChannelPage } from "./page";
import type { Push } from "./push";
import { addPushRoutes } from "./routes";
import { definePushSwitches } from "./switches";

/** Calendar's push notifications. Channels outlive the process, messages that have not gone out do not. */
export function createPushService(world: World): Service {
  const switches = definePushSwitches(world.google);
  const channels = createChannels(world);
  const log = createDeliveryLog();
  const outbox = createOutbox(world.google.clock, channels, log, switches);
  const push: Push = { world, switches, channels, log, outbox };
  listenToChanges(push);
  return {
    addRoutes(routes) {
      addPushRoutes(routes, push);
      addChannelControl(routes, push);
      addChannelPage(routes, push);
    },
    seed: () => undefined,
    forget() {
      outbox.clear();
      log.reset();
      channels.load();
    },
    close: () => outbox.close(),
  };
}
