import { openBulkChange } from "./support/bulk-change";
import { bookAhead, bookingById, makeService, untilExported } from "./support/desk";
import { signInSomebody, syncElsewhere, unavailabilities } from "./support/person";
import { act, putEvent } from "./support/sandbox";
import { expect, test } from "./support/test";

test("A calendar somebody emptied: its owner sees it, holds the time, has the bookings put back, and accepts", async ({
  page,
  context,
  account,
  connection,
}) => {
  const heading = `Google emptied “${account.email}”`;
  const ids = [await putEvent(account, "Foire", 3, futureDays(20, 2))];
  for (const days of [2, 4, 5, 6]) ids.push(await putEvent(account, `Visite ${days}`, days));
  const booking = await bookAhead(context.request, await makeService(context.request));
  await untilExported(context.request, booking.id);
  await syncElsewhere(context.request, connection.id);
  const blocked = async () => (await unavailabilities(context.request)).map(({ title }) => title);
  await expect.poll(blocked).toContain("Visite 6");
  const own = (await bookingById(context.request, booking.id)).exports[0]?.externalEventId ?? "";

  await page.goto("/integrations");
  const banner = page.getByRole("region", { name: "A calendar changed at once" });
  await expect(banner).toHaveCount(0);
  for (const eventId of [...ids, own]) {
    await act("calendar/events/delete", { account: account.email, eventId });
  }
  await syncElsewhere(context.request, connection.id);
  await expect(banner).toContainText(heading, { timeout: 20_000 });
  await page.goto("/calendar");
  await banner.getByRole("link", { name: "See what happened" }).click();

  await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("6 of 6 upcoming events are gone or elsewhere");
  await expect(page.getByRole("region", { name: "What went or moved" })).toContainText("Visite 6");
  const concerned = page.getByRole("region", { name: "Bookings concerned" });
  await expect(concerned).toContainText("Ana Silva");
  await expect(concerned).toContainText(`Deleted in ${account.email}`, { timeout: 20_000 });
  expect(await bookingById(context.request, booking.id)).toMatchObject({ status: "confirmed" });

  // By keyboard alone.
  const hold = page.getByRole("button", { name: "Keep the time blocked" });
  await hold.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").getByText("The time is blocked again.")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("5 stretches of time are kept blocked.");
  expect(await blocked()).toContain(`Held: ${heading}`);
  await expect(hold).toHaveCount(0);

  await page.getByRole("button", { name: "Put our events back" }).click();
  await expect(
    page.getByRole("status").getByText(/They are (being written|in the calendar again)\./),
  ).toBeVisible();
  await expect(concerned).toContainText(`In ${account.email}`, { timeout: 20_000 });

  await page.getByRole("button", { name: "Accept the change" }).click();
  await expect(page.getByRole("main")).toContainText("Accepted: you said it was you");
  expect(await blocked()).toEqual([]);
  await page.goto("/integrations");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(banner).toHaveCount(0);
});

test("Somebody else's change is nowhere, and what is not there cannot be decided", async ({
  page,
  context,
  connection: _connected,
  database,
  browser,
}) => {
  const address = await openBulkChange(context.request, database.db);
  await page.goto(address);
  await expect(page.getByText("And 8 more.")).toBeVisible();
  const other = await browser.newContext();
  await signInSomebody(database.db, other);
  const theirs = await other.newPage();
  await theirs.goto(new URL(address, page.url()).href);
  await expect(theirs.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await other.close();
});

/** Whole days, so many days from today. */
function futureDays(from: number, count: number) {
  const date = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return { start: { date: date(from) }, end: { date: date(from + count) } };
}
