const MORNING_HOUR = 7;

/** Shows the page's hours from the morning on, or around the event that has the focus. */
export function scrollToMorning() {
  const scroll = document.querySelector(".scroll");
  if (scroll === null) return;
  scroll.scrollTop = (scroll.scrollHeight / 24) * MORNING_HOUR;
  const focused = document.querySelector(".scroll [autofocus]");
  focused?.scrollIntoView({ block: "center" });
}

export async function parsed(response) {
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Replaces the calendar by a newer one and keeps scroll position and focus. `address` is where the newer one is from. */
export function swapCalendar(page, address) {
  const scrollTop = document.querySelector(".scroll")?.scrollTop ?? 0;
  const at = new URL(address).searchParams.get("at");
  const wanted =
    at === null ? selectorOf(document.activeElement) : `[name="event"][value="${CSS.escape(at)}"]`;
  for (const selector of ["#calendar", "body > footer"])
    document.querySelector(selector)?.replaceWith(page.querySelector(selector) ?? "");
  const scroll = document.querySelector(".scroll");
  if (scroll !== null) scroll.scrollTop = scrollTop;
  focusOn(wanted, at !== null);
  const news = page.getElementById("message")?.textContent ?? "";
  if (news !== "") announce(news);
}

/** Keeps account and week in the address, not what was just done. */
export function tidyAddress(from) {
  const address = new URL(from);
  for (const name of ["at", "done"]) address.searchParams.delete(name);
  history.replaceState(null, "", address);
}

/** Says something to everybody, screen readers too. */
export function announce(text) {
  const message = document.getElementById("message");
  if (message !== null) message.textContent = text;
}

function focusOn(selector, isNew) {
  if (selector === undefined) return;
  const shown = [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());
  const target = shown ?? (isNew ? document.getElementById("new-event") : undefined);
  target?.focus({ preventScroll: !isNew });
}

// Elements are found again by what they mean: a newer page is made of other nodes.
function selectorOf(element) {
  if (element === null || element === document.body) return undefined;
  if (element.id !== "") return `#${CSS.escape(element.id)}`;
  const attributes = ["name", "value", "href", "class"].filter((name) => element.hasAttribute(name));
  const tests = attributes.map((name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`);
  return tests.length === 0 ? undefined : element.localName + tests.join("");
}
