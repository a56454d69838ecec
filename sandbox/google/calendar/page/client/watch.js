import { isDragging } from "./drag.js";
import { parsed, swapCalendar } from "./swap.js";

const PAUSE_MS = 2_000;

/** Looks every two seconds whether anything changed and then shows it, unless somebody is in the middle of something. */
export function watchChanges() {
  setTimeout(async () => {
    try {
      if (!isBusy()) await look();
    } catch (error) {
      // Nobody answers while the sandbox restarts.
      if (!(error instanceof TypeError)) throw error;
    } finally {
      watchChanges();
    }
  }, PAUSE_MS);
}

function isBusy() {
  return document.hidden || isDragging() || document.querySelector("dialog[open]") !== null;
}

async function look() {
  const { watch, version } = document.getElementById("calendar").dataset;
  const current = await fetch(watch);
  if (!current.ok || (await current.text()) === version) return;
  const response = await fetch(location.href);
  if (!response.ok) return;
  const page = await parsed(response);
  // Meanwhile somebody may have begun something.
  if (isBusy()) return;
  swapCalendar(page, location.href);
}
