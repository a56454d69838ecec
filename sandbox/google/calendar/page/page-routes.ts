import { readFileSync } from "node:fs";
import type { Routes } from "../../../core/context";
import type { World } from "../world";
import { openCalendarSheet, postCalendar, postShown } from "./calendar-pages";
import { openEventSheet, postEvent } from "./event-pages";
import { PAGE } from "./page-address";
import { versionOf } from "./version";
import { weekPage } from "./week-page";

const SCRIPTS = ["calendar", "swap", "sheets", "drag", "drag-plan", "arrow-keys", "watch"];

/** Served as one style sheet; what narrow screens change comes last. */
const STYLES = ["frame", "event", "grid", "sheet", "agenda"];

/** The week calendar a person uses, at `/sandbox/calendar`. It works without scripts, and better with them. */
export function addCalendarPage(routes: Routes, world: World): void {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
  const sheet = STYLES.map((name) => read(`styles/${name}.css`)).join("\n");
  routes.asset("/assets/calendar/calendar.css", "text/css", sheet);
  for (const name of SCRIPTS)
    routes.asset(`/assets/calendar/${name}.js`, "text/javascript", read(`client/${name}.js`));
  routes.control("GET", PAGE, (c) => weekPage(c, world));
  routes.control("GET", `${PAGE}/version`, (c) => c.text(versionOf(world, c.req.query("account") ?? "")));
  routes.control("GET", `${PAGE}/event`, (c) => openEventSheet(c, world));
  routes.control("POST", `${PAGE}/event`, (c) => postEvent(c, world));
  routes.control("GET", `${PAGE}/calendar`, (c) => openCalendarSheet(c, world));
  routes.control("POST", `${PAGE}/calendar`, (c) => postCalendar(c, world));
  routes.control("POST", `${PAGE}/shown`, (c) => postShown(c, world));
}
