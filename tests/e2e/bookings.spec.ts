import type { Locator, Page } from "@playwright/test";
import {
  bookingById,
  CLIENT,
  cancelBooking,
  changeBooking,
  freeSlots,
  makeBooking,
  makeService,
} from "./support/desk";
import { setting } from "./support/environment";
import { IntegrationsPage } from "./support/integrations-page";
import { signInSomebody, syncElsewhere } from "./support/person";
import { disablePolling } from "./support/polling";
import { act, clearFaults, isoDay } from "./support/sandbox";
import { expect, test } from "./support/test";

test("Before there is a service, bookings lead to describing one", async ({ page, person: _signedIn }) => {
  await page.goto("/bookings");
  await page.getByRole("link", { name: "Describe a service" }).click();
  await expect(page).toHaveURL(/\/services\/new$/);
});

test("A booking is made, appears in the calendar by itself, is moved, edited and cancelled", async ({
  page,
  context,
  account,
  connection,
}) => {
  expect(connection.status).toBe("connected");
  await makeService(context.request);
  await page.goto("/bookings/new");
  await times(page).first().check({ force: true });
  await page.getByLabel("Client’s name").fill(CLIENT.name);
  await page.getByLabel("E-mail (optional)").fill(CLIENT.email);
  await page.getByRole("button", { name: "Book", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Booking of Ana Silva" })).toBeVisible();
  await expect(page.getByText("Up to date: read at")).toBeVisible();
  const calendars = page.getByRole("region", { name: "In your calendars" });
  await expect(calendars).toContainText("Up to date");
  expect(await titles(account.email)).toEqual([expect.stringContaining("Massage")]);
  const id = page.url().split("/").at(-1) ?? "";
  const { start } = await bookingById(context.request, id);

  await page.getByRole("link", { name: "Move", exact: true }).click();
  await expect(page.getByText("ana.silva@example.test gets a mail with the new time.")).toBeVisible();
  await times(page).last().check({ force: true });
  await page.getByRole("button", { name: "Move the booking" }).click();
  await expect(page.getByText("Moved. The client gets a mail.")).toBeVisible();
  expect((await bookingById(context.request, id)).start).not.toBe(start);

  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("Phone (optional)").fill("no phone");
  await page.getByLabel("Instructions (optional)").fill("Code 4512.\nSecond floor.");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Phone (optional)")).toHaveAccessibleDescription(/Enter a phone number/);
  await page.getByLabel("Phone (optional)").fill(CLIENT.phone);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Second floor.")).toBeVisible();
  await expect(calendars).toContainText("Up to date");

  await page.getByRole("button", { name: "Cancel booking" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel this booking?" });
  await expect(dialog).toContainText("ana.silva@example.test gets a mail that says so.");
  await expect(dialog).toContainText("Its event is removed from: Google Calendar.");
  await dialog.getByLabel("Reason (optional)").fill("The practice is closed.");
  await dialog.getByRole("button", { name: "Cancel the booking" }).click();
  await expect(page.getByText("Cancelled by you")).toBeVisible();
  await expect(page.getByText("The practice is closed.")).toBeVisible();
  await expect(calendars).toContainText("Removed");
  expect(await titles(account.email)).toEqual([]);
});

test("A slot somebody else takes meanwhile is said so, with the nearest free ones one press away", async ({
  page,
  context,
  person: _signedIn,
}) => {
  const service = await makeService(context.request);
  await page.goto("/bookings/new");
  const wanted = times(page).first();
  await wanted.check({ force: true });
  const start = await wanted.inputValue();
  await page.getByLabel("Client’s name").fill("Zoé Rousseau");
  // The page hears of the other booking and no longer shows its time; the choice is what was chosen.
  await makeBooking(context.request, service, { start });
  await page.getByRole("button", { name: "Book", exact: true }).click();
  const notice = page.getByRole("alert").filter({ hasText: "This time was taken in the meantime" });
  await notice.getByRole("button").first().click();
  await expect(notice).toBeHidden();
  await expect(page.getByText(/^Chosen: /)).toBeVisible();
  await expect(page.getByLabel("Client’s name")).toHaveValue("Zoé Rousseau");
  await page.getByRole("button", { name: "Book", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Booking of Zoé Rousseau" })).toBeVisible();
});

test("A change made elsewhere is not overwritten unseen, and what was typed stays", async ({
  page,
  context,
  person: _signedIn,
}) => {
  const booking = await makeBooking(context.request, await makeService(context.request));
  await page.goto(`/bookings/${booking.id}/edit`);
  await page.getByLabel("Instructions (optional)").fill("Mine");
  await changeBooking(context.request, booking.id, { instructions: "Theirs" });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "changed in the meantime" })).toBeVisible();
  expect(await bookingById(context.request, booking.id)).toMatchObject({ instructions: "Theirs" });
  await expect(page.getByLabel("Instructions (optional)")).toHaveValue("Mine");

  await page.getByRole("button", { name: "Show what is stored" }).click();
  await expect(page.getByLabel("Instructions (optional)")).toHaveValue("Theirs");
  await page.getByLabel("Instructions (optional)").fill("Both");
  await changeBooking(context.request, booking.id, { address: "1 rue Neuve" });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Keep mine and go on" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  expect(await bookingById(context.request, booking.id)).toMatchObject({ instructions: "Both" });
});

test("An event that could not be written says why and what helps, and is written when asked again", async ({
  page,
  context,
  account,
  connection,
}) => {
  expect(connection.status).toBe("connected");
  const service = await makeService(context.request);
  await act("faults", {
    operation: "calendar.events.insert",
    kind: "quota_exceeded",
    account: account.email,
    count: 0,
  });
  try {
    const booking = await makeBooking(context.request, service);
    await page.goto("/bookings");
    const line = page.getByRole("main").getByRole("listitem").filter({ hasText: CLIENT.name });
    await expect(line).toContainText("Not written to Google Calendar");
    await page.goto(`/bookings/${booking.id}`);
    await expect(page.getByText("Not written", { exact: true })).toBeVisible();
  } finally {
    await clearFaults();
  }
  await page.getByRole("button", { name: "Add to the calendar again" }).click();
  await expect(page.getByRole("region", { name: "In your calendars" })).toContainText("Up to date");
});

test("What its owner did to an event in the calendar is said, and undone only when asked", async ({
  page,
  context,
  account,
  connection,
}) => {
  const booking = await makeBooking(context.request, await makeService(context.request));
  const eventId = await writtenEvent(context.request, booking.id);
  const later = (iso: string) => new Date(new Date(iso).getTime() + 7_200_000).toISOString();
  await act("calendar/events/edit", {
    account: account.email,
    eventId,
    change: {
      start: { dateTime: later(booking.start) },
      end: { dateTime: later(later(booking.start)) },
    },
  });
  await syncElsewhere(context.request, connection.id);
  await page.goto("/bookings");
  const line = page.getByRole("main").getByRole("listitem").filter({ hasText: CLIENT.name });
  await expect(line).toContainText("Moved in Google Calendar");
  await expect(line).toContainText("The booking itself did not move.");
  await line.getByRole("link", { name: CLIENT.name }).click();
  await expect(page.getByText("Moved by you there")).toBeVisible();
  await page.getByRole("button", { name: "Add to the calendar again" }).click();
  await expect(page.getByRole("region", { name: "In your calendars" })).toContainText("Up to date");

  await act("calendar/events/delete", { account: account.email, eventId });
  await syncElsewhere(context.request, connection.id);
  await expect(page.getByText("Deleted by you there")).toBeVisible();
});

test("A booking made elsewhere appears in the open list without a reload or a poll", async ({
  page,
  context,
  person: _signedIn,
}) => {
  const service = await makeService(context.request);
  await disablePolling(page);
  await page.goto("/bookings");
  await new IntegrationsPage(page).waitUntilLive();
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  await expect(page.getByRole("heading", { name: "Nothing is booked" })).toBeVisible();
  const booking = await makeBooking(context.request, service);
  await expect(page.getByRole("link", { name: CLIENT.name })).toBeVisible();
  await cancelBooking(context.request, booking.id);
  await expect(page.getByRole("link", { name: CLIENT.name })).toHaveCount(0);
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
  await page.getByRole("link", { name: "Cancelled" }).click();
  await expect(page).toHaveURL(/show=cancelled/);
  await expect(page.getByText("Cancelled by you")).toBeVisible();
});

test("A client in another zone is shown with their own clock", async ({
  page,
  context,
  person: _signedIn,
}) => {
  const service = await makeService(context.request);
  await makeBooking(context.request, service, { timeZone: "Asia/Tokyo" });
  await page.goto("/bookings");
  await expect(page.getByText(/for the client \(Tokyo\)/)).toBeVisible();
});

test("By keyboard alone: a service, a day, a time and a client make a booking", async ({
  page,
  context,
  person: _signedIn,
}) => {
  await makeService(context.request);
  await page.goto("/bookings/new");
  await page.getByLabel("Service").focus();
  await tabTo(page, page.getByRole("button", { name: /free times$/ }).nth(1));
  const firstDay = await page.getByLabel("Day", { exact: true }).inputValue();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Day", { exact: true })).not.toHaveValue(firstDay);
  await expect(page).toHaveURL(/day=/);
  await tabTo(page, times(page).first());
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await expect(times(page).nth(1)).toBeChecked();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Client’s name")).toBeFocused();
  await page.keyboard.type("Kenji Tanaka");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Booking of Kenji Tanaka" })).toBeVisible();
});

test("A form without a time or a name says both, and books nothing", async ({
  page,
  context,
  person: _signedIn,
}) => {
  const service = await makeService(context.request);
  await page.goto("/bookings/new");
  await page.getByRole("button", { name: "Book", exact: true }).click();
  await expect(page.getByText("Choose one of the free times.")).toBeVisible();
  await expect(page.getByLabel("Client’s name")).toHaveAccessibleDescription(/Enter the client’s name/);
  await page.goto("/bookings");
  await expect(page.getByRole("heading", { name: "Nothing is booked" })).toBeVisible();
  expect((await freeSlots(context.request, service.id)).length).toBeGreaterThan(0);
});

test("En français, du choix du créneau à l’annulation", async ({ page, context, person: _signedIn }) => {
  await context.addCookies([{ name: "locale", value: "fr", url: setting("E2E_APP_URL") }]);
  await makeService(context.request);
  await page.goto("/bookings/new");
  await times(page).first().check({ force: true });
  await page.getByLabel("Nom du client").fill("Chloé Dubois");
  await page.getByRole("button", { name: "Réserver", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Réservation de Chloé Dubois" })).toBeVisible();
  await expect(page.getByText("Cette réservation n’est dans aucun agenda extérieur")).toBeVisible();
  await page.getByRole("button", { name: "Annuler" }).click();
  const dialog = page.getByRole("dialog", { name: "Annuler cette réservation ?" });
  await expect(dialog).toContainText("prévenez vous-même le client");
  await dialog.getByRole("button", { name: "Annuler la réservation" }).click();
  await expect(page.getByText("Annulée par vous")).toBeVisible();
});

test("Somebody else’s booking is nothing here", async ({
  page,
  context,
  browser,
  database,
  person: _signedIn,
}) => {
  const booking = await makeBooking(context.request, await makeService(context.request));
  const stranger = await browser.newContext();
  await signInSomebody(database.db, stranger);
  const theirs = await stranger.newPage();
  for (const path of ["", "/edit", "/move"]) {
    await theirs.goto(`${setting("E2E_APP_URL")}/bookings/${booking.id}${path}`);
    await expect(theirs.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  }
  await stranger.close();
  await page.goto("/bookings/not-an-id");
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
});

const times = (page: Page) =>
  page.getByRole("group", { name: /^(Free times|Créneaux libres)/ }).getByRole("radio");

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let press = 0; press < 20; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(target).toBeFocused();
}

/** Titles of the events in the account's calendars, as its owner sees them. */
async function titles(account: string): Promise<string[]> {
  const range = { from: `${isoDay(0)}T00:00:00Z`, to: `${isoDay(30)}T00:00:00Z` };
  const query = new URLSearchParams({ account, ...range });
  const response = await fetch(`${setting("E2E_GOOGLE_ORIGIN")}/sandbox/api/calendar/events?${query}`);
  const { events } = (await response.json()) as { events: { event: { summary: string } }[] };
  return events.map(({ event }) => event.summary);
}

/** The id of a booking's event, once it is written. */
async function writtenEvent(request: Parameters<typeof bookingById>[0], id: string): Promise<string> {
  await expect.poll(async () => (await bookingById(request, id)).exports[0]?.status).toBe("synced");
  return (await bookingById(request, id)).exports[0]?.externalEventId ?? "";
}
