/** Arrow keys walk from event to event: up and down in order of time, left and right to the neighbouring day. */
export function followArrowKeys() {
  document.addEventListener("keydown", (event) => {
    const from = event.target.closest?.("button.event");
    if (from === null || from === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = neighbour(from, event.key);
    if (to === undefined) return;
    event.preventDefault();
    to.focus();
  });
}

function neighbour(from, key) {
  switch (key) {
    case "ArrowDown":
      return inOrder(from, 1);
    case "ArrowUp":
      return inOrder(from, -1);
    case "ArrowRight":
      return beside(from, 1);
    case "ArrowLeft":
      return beside(from, -1);
    default:
      return undefined;
  }
}

function inOrder(from, step) {
  const all = [...from.closest(".grid, .agenda").querySelectorAll("button.event")];
  return all[all.indexOf(from) + step];
}

function beside(from, step) {
  const days = [...document.querySelectorAll(".day")];
  const here = days.indexOf(from.closest(".day"));
  if (here === -1) return inOrder(from, step);
  const minute = minuteOf(from);
  for (let index = here + step; index >= 0 && index < days.length; index += step) {
    const events = [...days[index].querySelectorAll("button.event")];
    events.sort((a, b) => Math.abs(minuteOf(a) - minute) - Math.abs(minuteOf(b) - minute));
    if (events.length > 0) return events[0];
  }
  return undefined;
}

function minuteOf(event) {
  return Number(event.style.getPropertyValue("--from"));
}
