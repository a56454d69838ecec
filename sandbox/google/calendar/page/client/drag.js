import { later, readingOf, resizedEnd, snapped, stretch } from "./drag-plan.js";
import { openSheet, send } from "./sheets.js";

const THRESHOLD_PIXELS = 4;
let drag;

/** Drawing new events, moving and resizing by mouse or pen. Fingers scroll; forms do the same for them. */
export function followDrags() {
  document.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    drag = begin(event);
  });
  document.addEventListener("pointermove", (event) => {
    if (drag === undefined) return;
    drag.moved ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > THRESHOLD_PIXELS;
    if (drag.moved) drag.preview(event);
  });
  document.addEventListener("pointerup", (event) => {
    const ended = drag;
    drag = undefined;
    if (ended === undefined || !(ended.moved || ended.counts)) return;
    if (ended.moved) swallowClick();
    ended.drop(event);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || drag === undefined) return;
    drag.giveUp();
    drag = undefined;
  });
}

export function isDragging() {
  return drag !== undefined;
}

function begin(event) {
  const target = event.target;
  const block = target.closest(".grid .event[data-movable]");
  if (block !== null) {
    // A dragged button must not swallow the pointer's moves as a selection of text.
    event.preventDefault();
    block.focus({ preventScroll: true });
    return target.closest(".handle") === null ? moving(event, block) : resizing(event, block);
  }
  const slot = target.closest(".slot");
  if (slot !== null) return choosingDay(event, slot);
  const day = target.closest(".event") === null ? target.closest(".day") : null;
  return day === null ? undefined : drawing(event, day);
}

function choosingDay({ clientX: x, clientY: y }, slot) {
  const idle = () => undefined;
  const drop = () => openNew({ start: `${slot.dataset.day}T09:00`, allDay: "on" });
  return { x, y, counts: true, preview: idle, giveUp: idle, drop };
}

function drawing({ clientX: x, clientY: y }, day) {
  const ghost = document.createElement("div");
  ghost.className = "event ghost";
  const preview = (event) => {
    const { from, to } = stretch(minuteAt(day, y), minuteAt(day, event.clientY));
    ghost.style.setProperty("--from", from);
    ghost.style.setProperty("--to", to);
    if (!ghost.isConnected) day.append(ghost);
  };
  const drop = (event) => {
    ghost.remove();
    const { from, to } = stretch(minuteAt(day, y), minuteAt(day, event.clientY));
    openNew({ start: readingOf(day.dataset.day, from), end: readingOf(day.dataset.day, to) });
  };
  return { x, y, counts: true, preview, drop, giveUp: () => ghost.remove() };
}

function moving({ clientX: x, clientY: y }, block) {
  const inFace = block.closest(".day") !== null;
  const minutesFor = (event) => {
    const minutes = inFace ? snapped((event.clientY - y) / pixelsPerMinute()) : 0;
    return minutes + daysBetween(x, event.clientX) * 1_440;
  };
  const preview = (event) => {
    const dy = inFace ? snapped((event.clientY - y) / pixelsPerMinute()) * pixelsPerMinute() : 0;
    block.dataset.dragged = "";
    block.style.translate = `${daysBetween(x, event.clientX) * dayWidth()}px ${dy}px`;
  };
  const giveUp = () => {
    delete block.dataset.dragged;
    block.style.translate = "";
  };
  const drop = (event) => {
    const minutes = minutesFor(event);
    const { start, end } = block.dataset;
    if (minutes === 0) giveUp();
    else shift(block, later(start, minutes), later(end, minutes), giveUp);
  };
  return { x, y, preview, drop, giveUp };
}

function resizing({ clientX: x, clientY: y }, block) {
  const { start, end } = block.dataset;
  const to = Number(block.style.getPropertyValue("--to"));
  const from = Number(block.style.getPropertyValue("--from"));
  const minutesFor = (event) => snapped((event.clientY - y) / pixelsPerMinute());
  const preview = (event) => block.style.setProperty("--to", Math.max(from + 15, to + minutesFor(event)));
  const giveUp = () => block.style.setProperty("--to", to);
  const drop = (event) => {
    const wanted = resizedEnd(start, end, minutesFor(event));
    if (wanted === end) giveUp();
    else shift(block, start, wanted, giveUp);
  };
  return { x, y, preview, drop, giveUp };
}

async function shift(block, start, end, giveUp) {
  const scope = block.dataset.recurring === undefined ? "this" : await askWhich();
  if (scope === undefined) return giveUp();
  const fields = new URLSearchParams({ event: block.dataset.key, do: "shift", start, end, scope });
  await send(weekForm().getAttribute("action"), withPlace(fields));
}

function askWhich() {
  const dialog = document.getElementById("which");
  dialog.replaceChildren(document.getElementById("which-form").content.cloneNode(true));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const answer = () => {
      const scope = new FormData(dialog.querySelector("form")).get("scope");
      dialog.replaceChildren();
      resolve(dialog.returnValue === "ok" ? scope : undefined);
    };
    dialog.addEventListener("close", answer, { once: true });
  });
}

function openNew(times) {
  openSheet(`${weekForm().getAttribute("action")}?${withPlace(new URLSearchParams(times))}`);
}

function withPlace(fields) {
  for (const name of ["account", "week"]) fields.set(name, weekForm().elements[name].value);
  return fields;
}

const weekForm = () => document.querySelector("form.week");
const pixelsPerMinute = () => document.querySelector(".day").getBoundingClientRect().height / 1_440;
const dayWidth = () => document.querySelector(".day").getBoundingClientRect().width;

function minuteAt(day, y) {
  const { top, height } = day.getBoundingClientRect();
  return Math.min(1_440, Math.max(0, ((y - top) / height) * 1_440));
}

function daysBetween(fromX, toX) {
  const days = [...document.querySelectorAll(".day")].map((day) => day.getBoundingClientRect());
  const indexAt = (x) => {
    const index = days.findIndex(({ right }) => x < right);
    return index === -1 ? days.length - 1 : index;
  };
  return indexAt(toX) - indexAt(fromX);
}

// The click that ends a drag would open the event.
function swallowClick() {
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }));
}
