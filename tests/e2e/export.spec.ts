import type { Page } from "@playwright/test";
import { withdrawAccess } from "./support/dead-grant";
import { bookAhead, bookingById, cancelBooking, makeService, untilExported } from "./support/desk";
import { setting } from "./support/environment";
import { IntegrationsPage } from "./support/integrations-page";
import { connectByAddress, integrations, syncElsewhere } from "./support/person";
import { act, clearFaults, openAccount } from "./support/sandbox";
import { SandboxCalendarPage } from "./support/sandbox-calendar-page";
import { expect, test } from "./support/test";

const targets = (page: Page) => page.getByRole("group", { name: "Add bookings to" });

test("Connected through the pages, a booking appears in Google Calendar, moves with its target, and goes when cancelled", async ({
  page,
  context,
  person: _signedIn,
}) => {
  const alice = await openAccount("Alice Martin");
  await act("calendar/calendars/create", { account: alice.email, summary: "Cabinet" });
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  await google.grantAll(alice);
  const card = integrationsPage.card(alice);
  await expect(card).toHaveAttribute("data-status", "connected");
  await expect(targets(page).getByRole("radio", { name: new RegExp(`^${alice.email}`) })).toBeChecked();

  const booking = await bookAhead(context.request, await makeService(context.request));
  await untilExported(context.request, booking.id);
  const vendor = new SandboxCalendarPage(await context.newPage());
  await vendor.open(alice, booking.start.slice(0, 10));
  await expect(vendor.event("Massage").first()).toBeVisible();

  await targets(page)
    .getByRole("radio", { name: /^Cabinet/ })
    .check();
  await expect
    .poll(async () => eventsIn(alice.email))
    .toEqual([["Cabinet", expect.stringContaining("Massage")]]);
  await expect(card).toContainText("From here to “Cabinet”");

  await cancelBooking(context.request, booking.id);
  await expect.poll(() => eventsIn(alice.email)).toEqual([]);
  await page.goto("/history?trigger=booking");
  await expect(page.getByText("Your bookings").first()).toBeVisible();
});

test("With two accounts one takes the bookings, the other when chosen, and both when asked", async ({
  page,
  context,
  account,
  connection,
}) => {
  const second = await openAccount("Bob Durand");
  expect(await connectByAddress(context.request, second)).toBe("connected");
  const booking = await bookAhead(context.request, await makeService(context.request));
  await untilExported(context.request, booking.id);
  expect(await eventsIn(second.email)).toEqual([]);
  await page.goto("/integrations");

  await targets(page).getByRole("radio", { name: second.email }).check();
  await expect.poll(async () => (await eventsIn(second.email)).length).toBe(1);
  await expect.poll(() => eventsIn(account.email), "it moves, and is nowhere twice").toEqual([]);

  await page.getByText("Also add to another account").click();
  await page.getByLabel(account.email, { exact: true }).selectOption({ index: 1 });
  await expect.poll(async () => (await eventsIn(account.email)).length).toBe(1);
  expect(await eventsIn(second.email)).toHaveLength(1);

  await targets(page)
    .getByRole("radio", { name: /^No calendar/ })
    .check();
  await expect(page.getByText("Bookings are in no outside calendar")).toBeVisible();
  await expect
    .poll(async () => (await integrations(context.request)).map(({ settings }) => settings.exportEnabled))
    .toEqual([false, false]);
  expect(await eventsIn(account.email), "what is there stays").toHaveLength(1);
  expect(connection.status).toBe("connected");
});

test("What could not be written says why, and a second try by hand writes it", async ({
  page,
  context,
  account,
  connection,
}) => {
  expect(connection.status).toBe("connected");
  await act("faults", {
    operation: "calendar.events.insert",
    kind: "internal_error",
    account: account.email,
    count: 0,
  });
  const card = new IntegrationsPage(page).card(account);
  let id = "";
  try {
    ({ id } = await bookAhead(context.request, await makeService(context.request)));
    await page.goto("/integrations");
    await expect(card).toContainText("1 booking could not be written to Google Calendar");
    await expect(card).toContainText("Google Calendar could not be reached.");
  } finally {
    await clearFaults();
  }
  await card.getByRole("button", { name: "Try again now" }).click();
  await untilExported(context.request, id);
  await expect(card.getByText("could not be written")).toHaveCount(0);
});

test("A target that became read-only stays shown, with the reason", async ({
  page,
  context,
  account,
  connection,
}) => {
  const owner = await openAccount("Zoé Rousseau");
  const { id } = await act<{ id: string }>("calendar/calendars/create", {
    account: owner.email,
    summary: "Équipe",
  });
  const share = (role: string) =>
    act("calendar/calendars/share", { account: owner.email, calendarId: id, with: account.email, role });
  await share("writer");
  await syncElsewhere(context.request, connection.id);
  await page.goto("/integrations");
  await targets(page)
    .getByRole("radio", { name: /^Équipe/ })
    .check();
  await expect
    .poll(async () => (await integrations(context.request))[0]?.settings.targetCalendarId)
    .not.toBe(connection.settings.targetCalendarId);
  await share("reader");
  await syncElsewhere(context.request, connection.id);
  const team = targets(page).getByRole("radio", { name: /^Équipe.*Read only now/ });
  await expect(team).toBeVisible();
  await expect(team).toBeDisabled();
  await expect(team).toBeChecked();
});

test("While an account is dead the banner counts what it misses; a reconnect catches up and says so", async ({
  page,
  context,
  account,
  connection,
}) => {
  const service = await makeService(context.request);
  await withdrawAccess(context.request, account, connection);
  const booking = await bookAhead(context.request, service);
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const banner = page.getByRole("region", { name: "A connection needs you" });
  await expect(banner).toContainText("Bookings made since then are not in your calendar: 1.");
  const card = integrationsPage.card(account);
  await expect(card).toContainText("1 booking waits to be written to your calendar");

  const google = await integrationsPage.openPopup(card.getByRole("link", { name: "Reconnect", exact: true }));
  await google.grantAll(account);
  await untilExported(context.request, booking.id);
  await expect(card).toContainText("1 booking was added to your calendar");
  await expect(banner).toHaveCount(0);
  await page.goto("/history?trigger=connect");
  const run = page.getByRole("listitem").filter({ hasText: "Your bookings" });
  await expect(run).toContainText("1 booking exported");
});

test("Without the permission to write an account says so and leads to granting it", async ({
  page,
  context,
  person: _signedIn,
  account,
}) => {
  // Allowed to this program in the past; the consent page of today offers reading and writing in one box.
  const scopes = ["openid", "email", "profile", "https://www.googleapis.com/auth/calendar.readonly"];
  await act("grant", { account: account.email, scopes });
  const list = "https://www.googleapis.com/auth/calendar.calendarlist.readonly";
  expect(await connectByAddress(context.request, account, { scopes: [list] })).toBe("limited");
  await page.goto("/integrations");
  await expect(page.getByText("cannot take bookings")).toBeVisible();
  await expect(page.getByRole("link", { name: "Grant the rest" })).toHaveCount(1);
});

test("Disconnecting leaves the events there, or removes them when asked", async ({
  page,
  context,
  account,
  connection,
}) => {
  expect(connection.status).toBe("connected");
  const booking = await bookAhead(context.request, await makeService(context.request));
  await untilExported(context.request, booking.id);
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const card = integrationsPage.card(account);
  await card.getByRole("button", { name: "Disconnect" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("group", { name: /1 exported booking in Google Calendar/ })).toBeVisible();
  await expect(dialog.getByRole("radio", { name: /^Leave them there/ })).toBeChecked();
  await dialog.getByRole("radio", { name: /^Remove them from Google Calendar/ }).check();
  await dialog.getByRole("button", { name: "Disconnect", exact: true }).click();
  await expect(card).toHaveCount(0);
  await expect.poll(() => eventsIn(account.email)).toEqual([]);
  expect((await bookingById(context.request, booking.id)).status).toBe("confirmed");
});

test("A setting decides how much an event tells, with an example of each", async ({
  page,
  context,
  account,
  connection,
}) => {
  expect(connection.status).toBe("connected");
  const booking = await bookAhead(context.request, await makeService(context.request));
  await untilExported(context.request, booking.id);
  expect(await eventsIn(account.email)).toEqual([[account.email, expect.stringContaining("Ana Silva")]]);
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const card = integrationsPage.card(account);
  await card.getByText("What a booking shows there").click();
  await expect(card).toContainText("“Appointment: Consultation – Ana Silva”");
  await card.getByRole("radio", { name: /^Kind and service only/ }).check();
  await expect
    .poll(() => eventsIn(account.email))
    .toEqual([[account.email, expect.not.stringContaining("Ana Silva")]]);
});

/** Calendar and title of every event the account sees in the coming month. */
async function eventsIn(account: string): Promise<[calendar: string, title: string][]> {
  const [calendars, events] = await Promise.all([
    look<{ calendars: { id: string; summary: string }[] }>("calendars", { account }),
    look<{ events: { calendarId: string; event: { summary: string } }[] }>("events", {
      account,
      from: new Date().toISOString(),
      to: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    }),
  ]);
  return events.events.map(({ calendarId, event }) => [
    calendars.calendars.find(({ id }) => id === calendarId)?.summary ?? calendarId,
    event.summary,
  ]);
}

async function look<T>(what: string, query: Record<string, string>): Promise<T> {
  const response = await fetch(
    `${setting("E2E_GOOGLE_ORIGIN")}/sandbox/api/calendar/${what}?${new URLSearchParams(query)}`,
  );
  return (await response.json()) as T;
}
