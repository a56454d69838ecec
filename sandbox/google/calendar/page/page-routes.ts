import { readFileSync } from "node:fs";
import type { Routes } from "../../../core/context";
import type { World } from "../world";
import { openCalendarSheet, postCalendar, postShown } from "./calendar-pages";
import { openEventSheet, postEvent } from "./event-pages";
import { PAGE } from "./page-address";
import { versionOf } from "./version";
import { weekPage } from "./week-page";

const SCRIPTS = ["calendar", "swap", "sheets", "drag", "drag-plan", "arrow-keys", "watch"];

/** The week calendar a person uses, at `/sandbox/calendar`. It works without scripts, and better with them. */
export function addCalendarPage(routes: Routes, world: World): void {
  const asset = (name: string, type: string, path: string) => {
    const content = readFileSync(new URL(path, import.meta.url), "utf8");
    routes.asset(`/assets/calendar/${name}`, type, content);
  };
  asset("calendar.css", "text/css", "calendar.css");
  for (const name of SCRIPTS) asset(`${name}.js`, "text/javascript", `client/${name}.js`);
  routes.control("GET", PAGE, (c) => weekPage(c, world));
  routes.control("GET", `${PAGE}/version`, (c) => c.text(versionOf(world, c.req.query("account") ?? "")));
  routes.control("GET", `${PAGE}/event`, (c) => openEventSheet(c, world));
  routes.control("POST", `${PAGE}/event`, (c) => postEvent(c, world));
  routes.control("GET", `${PAGE}/calendar`, (c) => openCalendarSheet(c, world));
  routes.control("POST", `${PAGE}/calendar`, (c) => postCalendar(c, world));
  routes.control("POST", `${PAGE}/shown`, (c) => postShown(c, world));
}
