import type { Service } from "../../core/context";
import type { Google } from "../service";
import { closeAccount, openAccount } from "./calendar-admin";
import { addCalendarPage } from "./page/page-routes";
import { addReadRoutes } from "./read-routes";
import { seedCalendars } from "./seed";
import { addSimulationRoutes } from "./simulation-routes";
import { createWorld, loadWorld, type World } from "./world";
import { addWriteRoutes } from "./write-routes";

export interface CalendarService extends Service {
  /** For the pages of the sandbox and for push: they read and write the same world. */
  world: World;
}

/** Google Calendar v3. */
export function createCalendarService(google: Google): CalendarService {
  const world = createWorld(google);
  google.accounts.onChange((change) => {
    if ("added" in change) openAccount(world, change.added);
    else closeAccount(world, change.removed.email);
  });
  return {
    world,
    addRoutes(routes) {
      addReadRoutes(routes, world);
      addWriteRoutes(routes, world);
      addSimulationRoutes(routes, world);
      addCalendarPage(routes, world);
    },
    seed: () => seedCalendars(world),
    forget: () => loadWorld(world),
  };
}
