import { bookingById, changeHours, hours, makeBooking, makeService } from "./support/desk";
import { expectAwake } from "./support/expect";
import { expect, test } from "./support/test";

test("By keyboard alone: a second range is added, filled, copied to other days and saved", async ({
  page,
  context,
  person: _signedIn,
}) => {
  await page.goto("/hours");
  await page.getByRole("button", { name: "Add hours: Monday" }).focus();
  await page.keyboard.press("Enter");
  const second = page.getByLabel("Monday, range 2: from");
  await expect(second).toBeFocused();
  await expect(second).toHaveValue("18:00");
  await page.getByLabel("Monday, range 1: until").fill("12:00");
  await second.fill("13:30");

  await page.getByRole("button", { name: "Copy the hours of Monday to other days" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("checkbox", { name: "Friday" })).toBeChecked();
  await dialog.getByRole("checkbox", { name: "Friday" }).press("Space");
  await dialog.getByRole("button", { name: "Copy to 3 days" }).press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("You have changes that are not saved.")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await expect(page.getByText(/^Saved\. Clients see the new hours/)).toBeVisible();

  const day = [
    { from: "09:00", to: "12:00" },
    { from: "13:30", to: "20:00" },
  ];
  const usual = [{ from: "09:00", to: "17:00" }];
  expect((await hours(context.request)).weekly).toMatchObject({
    mon: day,
    tue: day,
    thu: day,
    fri: usual,
    sat: [],
  });
});

test("After a range is removed the focus stays in its day", async ({ page, person: _signedIn }) => {
  await page.goto("/hours");
  await page.getByRole("button", { name: "Add hours: Tuesday" }).click();
  await page.getByRole("button", { name: "Tuesday: remove range 2" }).click();
  await expect(page.getByRole("button", { name: "Add hours: Tuesday" })).toBeFocused();
  await page.getByRole("switch", { name: "Tuesday" }).uncheck();
  await expect(page.getByText("Nobody can book")).toHaveCount(3);
});

test("Hours that overlap are said beside their day, and nothing is saved", async ({
  page,
  context,
  person: _signedIn,
}) => {
  await page.goto("/hours");
  await page.getByRole("button", { name: "Add hours: Wednesday" }).click();
  await page.getByLabel("Wednesday, range 2: from").fill("16:00");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Two ranges overlap." })).toBeVisible();
  await expect(page.getByLabel("Wednesday, range 1: from")).toBeFocused();
  expect((await hours(context.request)).weekly.wed).toHaveLength(1);
});

test("A date gets a day off or other hours, once each", async ({ page, context, person: _signedIn }) => {
  await page.goto("/hours");
  const add = page.getByRole("button", { name: "Add a date" });
  const dates = page.getByLabel("Date of the exception");
  await add.click();
  await dates.nth(0).fill("2030-12-24");
  await add.click();
  await dates.nth(1).fill("2030-12-24");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("This date is there already.")).toBeVisible();

  await dates.nth(1).fill("2030-12-31");
  await page.getByLabel("Hours on Tuesday, December 31").selectOption("Other hours");
  await page.getByLabel("Tuesday, December 31, range 1: until").fill("00:00");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/^Saved\. Clients see/)).toBeVisible();
  expect((await hours(context.request)).exceptions).toEqual([
    { date: "2030-12-24", ranges: [] },
    { date: "2030-12-31", ranges: [{ from: "09:00", to: "24:00" }] },
  ]);
});

test("A provider who travels changes the zone: it is said that bookings stay, and they do", async ({
  page,
  context,
  person: _signedIn,
}) => {
  const booking = await makeBooking(context.request, await makeService(context.request));
  await page.goto("/hours");
  const zone = page.getByLabel("Time zone", { exact: true });
  await expectAwake(zone);
  await zone.selectOption("Asia/Tokyo");
  await expect(page.getByText("Bookings stay where they are: nobody’s appointment moves.")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/^Saved\. Clients see/)).toBeVisible();
  expect(await hours(context.request)).toMatchObject({ timeZone: "Asia/Tokyo" });
  expect(await bookingById(context.request, booking.id)).toMatchObject({ start: booking.start, version: 1 });
});

test("On a phone the hours are edited without scrolling sideways", async ({ page, person: _signedIn }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto("/hours");
  await page.getByRole("button", { name: "Add hours: Monday" }).click();
  await expect(page.getByLabel("Monday, range 2: from")).toBeFocused();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("link", { name: "History" }).click();
  await expect(page).toHaveURL(/\/history$/);
});

test("Hours changed elsewhere meanwhile are not overwritten unseen, and what was typed stays", async ({
  page,
  context,
  person: _signedIn,
}) => {
  await page.goto("/hours");
  const from = page.getByLabel("Monday, range 1: from");
  await expectAwake(from);
  await from.fill("07:00");
  await changeHours(context.request, { exceptions: [{ date: "2030-12-24", ranges: [] }] });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Your hours were changed elsewhere in the meantime")).toBeVisible();
  await expect(from).toHaveValue("07:00");
  expect((await hours(context.request)).weekly.mon).toEqual([{ from: "09:00", to: "17:00" }]);
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(from).toHaveValue("09:00");
  await expect(page.locator('input[value="2030-12-24"]')).toBeVisible();
  await from.fill("07:00");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => (await hours(context.request)).weekly.mon?.length).toBe(1);
  await expect(page.getByText(/^Saved\. Clients see the new hours/)).toBeVisible();
  expect(await hours(context.request)).toMatchObject({
    weekly: { mon: [{ from: "07:00", to: "17:00" }] },
    exceptions: [{ date: "2030-12-24" }],
  });
});
