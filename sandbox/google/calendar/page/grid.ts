import { html } from "hono/html";
import type { Html } from "../../../core/html";
import { formatDay, wallOfInstant } from "../zones";
import type { Bar, Block, WeekLayout } from "./layout";
import { dateAndTime, type Week } from "./week";
import type { ShownOnPage } from "./week-events";
import { hoursOf, nameOf, statesOf, type Wording } from "./wording";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

export interface Grid {
  week: Week;
  layout: WeekLayout<ShownOnPage>;
  wording: Wording;
  /** Today as UTC midnight, and the minute of the day. */
  today: number;
  minute: number;
  /** Key of the event that gets the focus. */
  focus?: string;
}

/** Seven days side by side: heads, the all-day row, and a face of 24 hours that scrolls. */
export function weekGrid(grid: Grid): Html {
  const { week, layout, wording, today } = grid;
  const { say } = wording;
  return html`<div class="grid" role="group" aria-label="${say("Week", "Semaine")}">
<div class="heads" aria-hidden="true"><span class="zone">${wording.offset(week.zone, week.from)}</span>${week.days.map(
    (day) => {
      const { weekday, number } = wording.shortDay(day);
      return html`<div class="head" ${day === today ? "data-today" : ""}>${weekday} <b>${number}</b></div>`;
    },
  )}</div>
<div class="whole-days" role="group" aria-label="${say("All day", "Toute la journée")}" style="--lanes:${layout.lanes}"><span class="gutter" aria-hidden="true">${say("All day", "Journée")}</span>
<div class="bars">${week.days.map((day, index) => html`<div class="slot" data-day="${formatDay(day)}" style="--day:${index}"></div>`)}${layout.bars.map(
    (bar) => barButton(grid, bar),
  )}</div></div>
<div class="scroll" tabindex="0" role="group" aria-label="${say("Hours", "Heures")}"><div class="hours" aria-hidden="true">${HOURS.map(
    (hour) => html`<span>${hour === 0 ? "" : wording.time(hour * 3_600_000)}</span>`,
  )}</div>
<div class="days">${week.days.map((day, index) => dayColumn(grid, day, layout.blocks[index] ?? []))}</div></div></div>`;
}

function dayColumn(grid: Grid, day: number, blocks: readonly Block<ShownOnPage>[]): Html {
  const { wording, today, minute } = grid;
  const now = day === today ? html`<div class="now" style="--from:${minute}" aria-hidden="true"></div>` : "";
  return html`<div class="day" role="group" aria-label="${wording.day(day)}" data-day="${formatDay(day)}" ${day === today ? "data-today" : ""}>${blocks.map(
    (block) => blockButton(grid, block),
  )}${now}</div>`;
}

function blockButton(grid: Grid, { item, from, to, column, columns, begins }: Block<ShownOnPage>): Html {
  const { wording, week } = grid;
  const style = `--from:${from};--to:${to};--column:${column};--columns:${columns};--color:${item.color}`;
  const short = to - from <= 45;
  // The hours are drawn by the style sheet: as text they would contradict the button's name, which has a date between.
  const words = html`<span class="title">${item.title}</span><span class="when" data-when="${hoursOf(wording, week.zone, item)}"></span>`;
  // A continuation is for the eyes and the mouse: the event has its one button where it begins.
  if (!begins)
    return html`<div class="event" ${marks(grid, item)} style="${style}" aria-hidden="true">${words}</div>`;
  return html`<button class="event" ${attributes(grid, item)} ${short ? "data-short" : ""} style="${style}">${words}${
    item.canWrite ? html`<span class="handle"></span>` : ""
  }</button>`;
}

function barButton(grid: Grid, { item, day, span, lane }: Bar<ShownOnPage>): Html {
  const style = `--day:${day};--span:${span};--lane:${lane};--color:${item.color}`;
  return html`<button class="event" ${attributes(grid, item)} style="${style}"><span class="title">${item.title}</span></button>`;
}

function attributes(grid: Grid, item: ShownOnPage): Html {
  const name = nameOf(grid.wording, grid.week.zone, item);
  return html`name="event" value="${item.key}" aria-label="${name}" title="${name}" ${marks(grid, item)} ${
    item.key === grid.focus ? "autofocus" : ""
  }`;
}

/** What the style sheet and dragging go by. Starts and ends are clock readings, days for all-day events. */
function marks({ week, wording }: Grid, item: ShownOnPage): Html {
  const { days, start, end, key, canWrite, recurring } = item;
  const reading = (instant: number) => dateAndTime(wallOfInstant(week.zone, instant)).join("T");
  const [from, to] =
    days === undefined ? [reading(start), reading(end)] : [formatDay(days.first), formatDay(days.last)];
  const states = statesOf(wording.say, item).length > 0;
  return html`data-key="${key}" data-start="${from}" data-end="${to}" ${canWrite ? "data-movable" : ""} ${recurring ? "data-recurring" : ""} ${
    item.answer === "declined" ? "data-declined" : ""
  } ${states ? "data-light" : ""}`;
}
