import { announce, parsed, swapCalendar, tidyAddress } from "./swap.js";

/** Forms open and answer in a dialog instead of on pages of their own. */
export function followForms() {
  sheet().addEventListener("close", () => sheet().replaceChildren());
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.opens !== undefined) {
      event.preventDefault();
      openSheet(`${form.getAttribute("action")}?${fieldsOf(form, event.submitter)}`);
    } else if (form.closest("#sheet") !== null) {
      event.preventDefault();
      if (event.submitter?.value === "cancel") sheet().close();
      else send(form.getAttribute("action"), fieldsOf(form, event.submitter));
    }
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.dataset.atOnce !== undefined) send(form.getAttribute("action"), fieldsOf(form));
    else if (event.target.name?.startsWith("start")) keepLength(form);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.name?.startsWith("start")) rememberLength(event.target.form);
  });
}

const sheet = () => document.getElementById("sheet");

function fieldsOf(form, submitter) {
  return new URLSearchParams(new FormData(form, submitter));
}

/** Opens a form's page as a dialog. */
export async function openSheet(address) {
  const response = await reached(() => fetch(address));
  if (response === undefined) return;
  fill(await parsed(response));
  if (!sheet().open) sheet().showModal();
}

/** Posts fields; the answer is a newer calendar, or the form again with what is wrong with it. */
export async function send(action, fields) {
  const response = await reached(() => fetch(action, { method: "POST", body: fields }));
  if (response === undefined) return;
  const page = await parsed(response);
  if (page.getElementById("calendar") === null) {
    fill(page);
    if (!sheet().open) sheet().showModal();
    return;
  }
  if (sheet().open) sheet().close();
  swapCalendar(page, response.url);
  tidyAddress(response.url);
}

function fill(page) {
  const content = page.querySelector("[data-sheet]");
  if (content === null) throw new Error("The answer holds no form");
  sheet().replaceChildren(content);
  content.querySelector("[role=alert]")?.scrollIntoView();
}

async function reached(ask) {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    announce(document.getElementById("message")?.dataset.unreachable ?? "");
    return undefined;
  }
}

const lengths = new WeakMap();

function readings({ startDate, startTime, endDate, endTime }) {
  return [
    Date.parse(`${startDate.value}T${startTime.value}Z`),
    Date.parse(`${endDate.value}T${endTime.value}Z`),
  ];
}

function rememberLength(form) {
  const [start, end] = readings(form.elements);
  if (end >= start) lengths.set(form, end - start);
}

/** Whoever moves the start moves the end. */
function keepLength(form) {
  const [start] = readings(form.elements);
  const length = lengths.get(form);
  if (Number.isNaN(start) || length === undefined) return;
  const end = new Date(start + length).toISOString();
  form.elements.endDate.value = end.slice(0, 10);
  form.elements.endTime.value = end.slice(11, 16);
}
