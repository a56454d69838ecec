import { sql } from "drizzle-orm";
import { IntegrationsPage } from "./support/integrations-page";
import { integrations, syncElsewhere, unavailabilities } from "./support/person";
import { disablePolling } from "./support/polling";
import { act, isoDay, putEvent } from "./support/sandbox";
import { SandboxCalendarPage } from "./support/sandbox-calendar-page";
import { expect, test } from "./support/test";

test("Before anything is connected the calendar says where to begin, and takes time off all the same", async ({
  page,
  context,
  person: _signedIn,
}) => {
  await page.goto("/calendar");
  await expect(page.getByRole("heading", { name: "No calendar is connected yet" })).toBeVisible();
  await page.getByRole("button", { name: "Add time off" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title (optional)").fill("Vacances");
  await dialog.getByRole("button", { name: "Block this time" }).click();
  await expect(page.getByText("This time is blocked now.")).toBeVisible();
  expect(await unavailabilities(context.request)).toMatchObject([{ title: "Vacances", source: "manual" }]);

  await page.getByRole("button", { name: /Vacances/ }).click();
  await dialog.getByRole("button", { name: "Delete this time off" }).click();
  await dialog.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("The time off is deleted.")).toBeVisible();
  expect(await unavailabilities(context.request)).toEqual([]);
});

test("An event added in Google Calendar appears in the open calendar without a reload or a poll, and goes with it", async ({
  page,
  account,
  connection,
  context,
}) => {
  await disablePolling(page);
  await page.goto(`/calendar?view=day&date=${isoDay(1)}`);
  await new IntegrationsPage(page).waitUntilLive();
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  const entry = page.getByRole("button", { name: /Visite chez le dentiste/ });
  await expect(page.getByText("Nothing is coming up in your checked calendars.")).toBeVisible();

  const vendor = new SandboxCalendarPage(await context.newPage());
  await vendor.open(account);
  await vendor.add("Visite chez le dentiste");
  await syncElsewhere(context.request, connection.id);
  await expect(entry).toBeVisible();
  await expect(page.getByRole("region", { name: "Upcoming events" })).toContainText(
    "Visite chez le dentiste",
  );

  await vendor.delete("Visite chez le dentiste");
  await syncElsewhere(context.request, connection.id);
  await expect(entry).toHaveCount(0);
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
});

test("The list of what is coming shows ten events at most, with their participants", async ({
  page,
  account,
  connection,
  context,
}) => {
  await act("calendar/bulk", { account: account.email, count: 15, days: 10 });
  await putEvent(account, "Point client", 0, {
    start: { dateTime: new Date(Date.now() + 600_000).toISOString() },
    end: { dateTime: new Date(Date.now() + 1_200_000).toISOString() },
    attendees: [{ email: account.email }, { email: "rousseau@example.test", displayName: "Zoé Rousseau" }],
  });
  await syncElsewhere(context.request, connection.id);
  await expect.poll(async () => (await unavailabilities(context.request)).length).toBeGreaterThan(10);
  await page.goto("/calendar");
  const upcoming = page.getByRole("region", { name: "Upcoming events" });
  await expect(upcoming.locator("time")).toHaveCount(10);
  await expect(upcoming).toContainText("Zoé Rousseau");
});

test("An entry says why it blocks, and its owner's word on it wins until they take it back", async ({
  page,
  account,
  connection,
  context,
}) => {
  await putEvent(account, "Salon professionnel", 0, {
    start: { date: isoDay(1) },
    end: { date: isoDay(2) },
    transparency: "transparent",
  });
  await syncElsewhere(context.request, connection.id);
  await expect.poll(async () => (await unavailabilities(context.request)).length).toBe(1);
  await page.goto(`/calendar?view=day&date=${isoDay(1)}`);
  await page
    .getByRole("button", { name: /Salon professionnel/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: "Salon professionnel" });
  await expect(dialog).toContainText("This time cannot be booked");
  await expect(dialog).toContainText("It is marked free, but your setting lets all-day events block.");
  await dialog.getByRole("button", { name: "Do not block" }).click();
  await expect(dialog).toContainText("You decided that this event does not block.");
  expect(await unavailabilities(context.request)).toEqual([]);
  await dialog.getByRole("button", { name: "Decide by the rules" }).click();
  await expect(dialog).toContainText("This time cannot be booked");
  expect(await unavailabilities(context.request)).toHaveLength(1);
});

test("A title that is markup stays text", async ({ page, account, connection, context }) => {
  const title = `<img src=x onerror="document.title='broken'">`;
  await putEvent(account, title);
  await syncElsewhere(context.request, connection.id);
  await expect.poll(async () => (await unavailabilities(context.request)).length).toBe(1);
  await page.goto(`/calendar?view=day&date=${isoDay(1)}`);
  await expect(page.getByText(title).first()).toBeVisible();
  await expect(page).toHaveTitle("Calendar · Entente");
  await expect(page.locator("main img")).toHaveCount(0);
});

test("Days and views stand in the address", async ({ page, connection }) => {
  expect(connection.status).toBe("connected");
  await page.goto("/calendar?date=2026-12-01&view=week");
  await page.getByRole("link", { name: "Next week" }).click();
  await expect(page).toHaveURL(/date=2026-12-0[78]/);
  await page.getByRole("navigation", { name: "View" }).getByRole("link", { name: "Day" }).click();
  await expect(page).toHaveURL(/view=day/);
  await page.getByRole("link", { name: "Previous day" }).click();
  await expect(page).toHaveURL(/date=2026-12-0[67]/);
  await page.goto("/calendar?date=yesterday&view=month");
  await expect(page.getByRole("heading", { level: 1, name: "Calendar" })).toBeVisible();
});

test("While no calendar is checked, the calendar warns of double bookings", async ({
  page,
  account,
  connection,
  context,
}) => {
  await page.goto("/integrations");
  await new IntegrationsPage(page).card(account).getByRole("switch", { name: "blocks my" }).uncheck();
  await expect
    .poll(async () => (await integrations(context.request))[0]?.calendars.some((c) => c.checkForConflicts))
    .toBe(false);
  await page.goto("/calendar");
  await expect(page.getByText("No calendar is checked")).toBeVisible();
  await page.getByRole("link", { name: "Choose calendars" }).click();
  await expect(page).toHaveURL(/\/integrations/);
  expect(connection.calendars).toHaveLength(1);
});

test("A day with more than fits does not send its reader to single days", async ({
  page,
  person,
  database,
}) => {
  const day = isoDay(1);
  await database.db.execute(sql`
    insert into time_off (id, user_id, title, all_day, starts_at, ends_at, created_at)
    select gen_random_uuid(), ${person.userId}, 'Break', false, ${`${day}T08:00:00Z`}::timestamptz,
      ${`${day}T08:30:00Z`}::timestamptz, ${`${day}T00:00:00Z`}::timestamptz
    from generate_series(1, 501)
  `);
  await page.goto(`/calendar?view=day&date=${day}`);
  await expect(page.getByText("Only the first 500 entries of this day are shown")).toBeVisible();
  await page.goto(`/calendar?view=week&date=${day}`);
  await expect(page.getByText("Look at single days to see all")).toBeVisible();
});

test("A phone that was sent to the list says that it is in the list", async ({ page, person: _signedIn }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/calendar?view=list");
  const views = page.getByRole("navigation", { name: "View" });
  await expect(views.getByRole("link", { name: "List" })).toHaveAttribute("aria-current", "page");
  await expect(views.getByRole("link", { name: "List" })).toBeVisible();
  await page.goto("/calendar?view=week");
  await expect(views.getByRole("link", { name: "List" })).toBeHidden();
});
