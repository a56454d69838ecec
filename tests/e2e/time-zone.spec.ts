import { eq } from "drizzle-orm";
import { users } from "@/db/schema/users";
import { openBulkChange } from "./support/bulk-change";
import { bookAhead, makeService } from "./support/desk";
import { PAGES } from "./support/pages";
import { expect, test } from "./support/test";

test("Every page with times says once whose time it is, and leads to where that is changed", async ({
  page,
  connection: _connected,
  context,
  database: { db },
  person,
}) => {
  await db.update(users).set({ timeZone: "America/New_York" }).where(eq(users.id, person.userId));
  const booking = await bookAhead(context.request, await makeService(context.request));
  const change = await openBulkChange(context.request, db);
  await PAGES["(dashboard)/notifications/page.tsx"]?.addresses(context.request, db);
  const one = `/bookings/${booking.id}`;
  const zone = page.getByRole("main").getByText(/^(Times|Days and times) in America\/New York$/);
  const pages = ["/history", "/history/statistics", "/notifications", "/calendar", "/bookings", change];
  for (const address of [...pages, one, `${one}/move`, "/bookings/new"]) {
    await page.goto(address);
    await expect(zone, address).toHaveCount(1);
    await expect(zone, address).toBeVisible();
  }
  await zone.getByRole("link").click();
  await expect(page).toHaveURL(/\/settings#time-zone$/);
  await expect(page.getByLabel("Time zone", { exact: true })).toBeInViewport();
});
