import { bookAhead, cancelBooking, makeService, untilExported } from "./support/desk";
import { IntegrationsPage } from "./support/integrations-page";
import { integrations, syncElsewhere, unavailabilities } from "./support/person";
import { disablePolling } from "./support/polling";
import { act, clearFaults, isoDay, putEvent } from "./support/sandbox";
import { SandboxCalendarPage } from "./support/sandbox-calendar-page";
import { expect, test } from "./support/test";

const dayOf = (start: string) => start.slice(0, 10);

test("A booking appears in the open calendar by itself, once, opens its page, and goes when cancelled", async ({
  page,
  context,
  connection,
}) => {
  await disablePolling(page);
  const service = await makeService(context.request);
  const first = await bookAhead(context.request, service);
  const day = dayOf(first.start);
  await page.goto(`/calendar?view=day&date=${day}`);
  await new IntegrationsPage(page).waitUntilLive();
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  const entries = page.getByRole("button", { name: /Massage/ });
  await expect(entries).toHaveCount(1);

  const second = await bookAhead(context.request, service, { client: { name: "Zoé Rousseau" } });
  await expect(entries).toHaveCount(2);
  await untilExported(context.request, first.id);
  await untilExported(context.request, second.id);
  await syncElsewhere(context.request, connection.id);
  await expect.poll(async () => (await integrations(context.request))[0]?.lastRun?.status).toBe("succeeded");
  await page.reload();
  await expect(entries, "its event is not shown beside it").toHaveCount(2);
  await expect(page.getByRole("region", { name: "Upcoming events" })).not.toContainText("Massage");

  await cancelBooking(context.request, second.id);
  await expect(entries).toHaveCount(1);
  await entries.click();
  const dialog = page.getByRole("dialog", { name: "Ana Silva · Massage" });
  await expect(dialog).toContainText("This booking takes it.");
  await dialog.getByRole("link", { name: "Open the booking" }).click();
  await expect(page).toHaveURL(new RegExp(`/bookings/${first.id}$`));
});

test("An event of ours moved in Google Calendar is shown where it is now, with words, and its booking where that still is", async ({
  page,
  context,
  account,
  connection,
}) => {
  const booking = await bookAhead(context.request, await makeService(context.request));
  await untilExported(context.request, booking.id);
  const vendor = new SandboxCalendarPage(await context.newPage());
  await vendor.open(account, dayOf(booking.start));
  await vendor.move("Massage", "19:00", "20:00");
  await syncElsewhere(context.request, connection.id);
  await expect.poll(async () => (await unavailabilities(context.request)).length).toBe(1);

  await page.goto(`/calendar?view=day&date=${dayOf(booking.start)}`);
  await expect(page.getByRole("button", { name: /^.*Ana Silva · Massage.*Its event was moved/ })).toHaveCount(
    1,
  );
  const moved = page.getByRole("button", { name: /(19:00|7:00).*Moved in your calendar/ });
  await moved.click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("You moved the event of Ana Silva’s booking.");
  await expect(dialog).toContainText("Both times stay blocked until you decide.");
  await expect(dialog.getByRole("button", { name: "Do not block" })).toHaveCount(0);
  await expect(dialog.getByRole("link", { name: "Open the booking" })).toHaveAttribute(
    "href",
    `/bookings/${booking.id}`,
  );
  await page.goto("/integrations");
  const card = new IntegrationsPage(page).card(account);
  await expect(card).toContainText("1 booking was changed in Google Calendar");
  await expect(card.getByRole("link", { name: "See the bookings" })).toHaveAttribute("href", "/bookings");
});

test("Any time says why it is free or blocked, and one click turns the verdict around and back", async ({
  page,
  context,
  account,
  connection,
}) => {
  const booking = await bookAhead(context.request, await makeService(context.request));
  const day = dayOf(booking.start);
  await putEvent(account, "Salon professionnel", 0, {
    start: { dateTime: `${day}T21:00:00Z` },
    end: { dateTime: `${day}T21:30:00Z` },
    transparency: "transparent",
  });
  await syncElsewhere(context.request, connection.id);
  await page.goto(`/calendar?view=day&date=${day}`);
  await expect(page.getByRole("button", { name: /Salon professionnel/ })).toBeVisible();

  await page.getByRole("link", { name: "Why free or blocked?" }).click();
  const dialog = page.getByRole("dialog", { name: "Why is this time free or blocked?" });
  await dialog.getByLabel("Day").fill(day);
  await dialog.getByLabel("From").fill("22:00");
  await dialog.getByLabel("To").fill("22:30");
  await dialog.getByRole("button", { name: "Explain" }).click();
  await expect(dialog).toContainText("This time cannot be booked");
  await expect(dialog).toContainText("It is outside your weekly hours.");
  await expect(dialog.getByRole("link", { name: "Change hours" })).toHaveAttribute("href", "/hours");
  await expect(dialog).not.toContainText("Salon");

  await dialog.getByLabel("To").fill("21:00");
  await dialog.getByRole("button", { name: "Explain" }).click();
  await expect(
    dialog.getByRole("alert").or(dialog.getByText("The end must come after the start.")),
  ).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page).not.toHaveURL(/why=/);
  await expect(page.getByRole("link", { name: "Why free or blocked?" })).toBeFocused();
});

test("An event that does not block is blocked from the explanation of its time, and freed again", async ({
  page,
  context,
  account,
  connection,
}) => {
  const service = await makeService(context.request);
  const { start } = await bookAhead(context.request, service);
  const from = new Date(new Date(start).getTime() + 3_600_000);
  const to = new Date(from.getTime() + 1_800_000);
  await putEvent(account, "Peut-être", 0, {
    start: { dateTime: from.toISOString() },
    end: { dateTime: to.toISOString() },
    transparency: "transparent",
  });
  await syncElsewhere(context.request, connection.id);
  await page.goto(`/calendar?view=day&date=${dayOf(start)}`);
  await expect(page.getByRole("button", { name: /Peut-être/ })).toBeVisible();
  const clock = (at: Date) => at.toLocaleTimeString("fr", { timeStyle: "short", timeZone: "Europe/Paris" });
  await page.goto(
    `/calendar?view=day&date=${dayOf(start)}&why=${dayOf(start)}&from=${clock(from)}&to=${clock(to)}`,
  );
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("This time can be booked");
  await expect(dialog).toContainText("“Peut-être” is marked free in your calendar.");
  await dialog.getByRole("button", { name: "Block anyway" }).click();
  await expect(dialog).toContainText("This time cannot be booked");
  await expect.poll(async () => (await unavailabilities(context.request)).length).toBe(1);
  await dialog.getByRole("button", { name: "Decide by the rules" }).click();
  await expect(dialog).toContainText("This time can be booked");
});

test("A click on an empty place explains that half hour", async ({ page, connection }) => {
  expect(connection.status).toBe("connected");
  await page.setViewportSize({ width: 1280, height: 1000 });
  await page.goto(`/calendar?view=day&date=${isoDay(2)}`);
  await page.locator("section[aria-labelledby^=day-]").click({ position: { x: 300, y: 200 } });
  await expect(page.getByRole("dialog", { name: "Why is this time free or blocked?" })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`why=${isoDay(2)}&from=\\d\\d%3A[03]0`));
});

test("A booking whose event could not be written bears a mark that says so", async ({
  page,
  context,
  account,
  connection,
}) => {
  expect(connection.status).toBe("connected");
  await act("faults", {
    operation: "calendar.events.insert",
    kind: "quota_exceeded",
    account: account.email,
    count: 0,
  });
  try {
    const booking = await bookAhead(context.request, await makeService(context.request));
    await page.goto(`/calendar?view=list&date=${dayOf(booking.start)}`);
    const entry = page.getByRole("button", { name: /takes no more events for now/ });
    await entry.click();
    await expect(page.getByRole("dialog")).toContainText("Nothing to do: it is tried again");
  } finally {
    await clearFaults();
  }
});
