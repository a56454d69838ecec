import { eq } from "drizzle-orm";
import { calendars } from "@/db/schema/calendars";
import { withdrawAccess } from "./support/dead-grant";
import { bookAhead, makeService } from "./support/desk";
import { GooglePages } from "./support/google-pages";
import { IntegrationsPage } from "./support/integrations-page";
import { integrations, syncElsewhere, unavailabilities } from "./support/person";
import { act, putEvent } from "./support/sandbox";
import { expect, test } from "./support/test";

test("A withdrawn access shows on every page, and reconnecting mends it with nothing lost", async ({
  page,
  account,
  connection,
  context,
}) => {
  await putEvent(account, "Réunion");
  await syncElsewhere(context.request, connection.id);
  await expect.poll(async () => (await unavailabilities(context.request)).length).toBe(1);
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const card = integrationsPage.card(account);
  await card.getByText("How events count").click();
  await card.getByLabel("Tentative events").selectOption("Do not block");
  await expect.poll(async () => settingsOf(await integrations(context.request)).tentative).toBe("ignore");
  const before = settingsOf(await integrations(context.request));

  await act("tokens/revoke", { account: account.email });
  await putEvent(account, "Arrivé entre-temps", 2);
  await syncElsewhere(context.request, connection.id);
  const banner = page.getByRole("region", { name: "A connection needs you" });
  await expect(banner).toContainText(`Google Calendar no longer accepts our access to ${account.email}`);
  await expect(card).toHaveAttribute("data-status", "reconnect_required");
  expect((await unavailabilities(context.request)).length, "what was read still blocks").toBe(1);
  // What was read and can no longer be checked need not block for ever: its owner may let go of it.
  await card.getByRole("switch", { name: /Import busy times/ }).uncheck();
  await expect.poll(() => unavailabilities(context.request)).toEqual([]);
  await card.getByRole("switch", { name: /Import busy times/ }).check();
  await expect.poll(async () => (await unavailabilities(context.request)).length).toBe(1);
  await expect(card.getByRole("button", { name: "Sync now" })).toBeDisabled();
  await page.goto("/calendar");
  await expect(page.getByText("What changed lately in these calendars may be missing")).toBeVisible();
  await page.goto("/history");
  await expect(banner).toContainText("your availability may be wrong");
  await expect(banner.getByRole("link", { name: "Reconnect" })).toBeVisible();

  await integrationsPage.open();
  const google = await integrationsPage.openPopup(card.getByRole("link", { name: "Reconnect", exact: true }));
  await google.grantAll(account);
  await expect(card).toHaveAttribute("data-status", "connected");
  await expect(banner).toHaveCount(0);
  const [after, ...more] = await integrations(context.request);
  expect(more).toEqual([]);
  expect(after?.id).toBe(connection.id);
  expect(after?.settings).toEqual(before);
  await expect.poll(async () => (await unavailabilities(context.request)).length).toBe(2);
});

test("The banner's own button mends the connection from any page", async ({
  page,
  account,
  connection,
  context,
}) => {
  await withdrawAccess(context.request, account, connection);
  await page.goto("/history");
  const banner = page.getByRole("region", { name: "A connection needs you" });
  await banner.getByRole("link", { name: "Reconnect" }).click();
  await new GooglePages(page).grantAll(account);
  await expect(page).toHaveURL(/\/integrations\?connect=connected$/);
  await expect(banner).toHaveCount(0);
  expect((await integrations(context.request))[0]?.id).toBe(connection.id);
});

test("A page has one button to reconnect an account; whatever else speaks of it leads to its card", async ({
  page,
  account,
  connection,
  context,
}) => {
  await withdrawAccess(context.request, account, connection);
  const reconnect = page.getByRole("link", { name: /reconnect/i });
  const banner = page.getByRole("region", { name: "A connection needs you" });
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const card = integrationsPage.card(account);
  await expect(card.getByRole("link", { name: "Reconnect", exact: true })).toBeVisible();
  await expect(reconnect).toHaveCount(1);
  await expect(page.getByText("takes no bookings until it is reconnected")).toBeVisible();
  for (const place of [banner, page.getByRole("region", { name: "Your bookings in your calendar" })]) {
    await page.evaluate(() => window.scrollTo(0, 0));
    await place.getByRole("link", { name: "See the account" }).click();
    await expect(card.getByRole("heading", { level: 2 })).toBeInViewport();
  }
  for (const link of ["Calendar", "Bookings", "History", "Services"]) {
    await page.getByRole("navigation").getByRole("link", { name: link, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(link.toLowerCase()));
    await expect(banner.getByRole("link", { name: "Reconnect" })).toBeVisible();
    await expect(reconnect, link).toHaveCount(1);
  }
});

test("Of an account nobody can reach, no page says that it is asked or written to", async ({
  page,
  account,
  connection,
  context,
  database: { db },
}) => {
  const service = await makeService(context.request);
  await withdrawAccess(context.request, account, connection);
  const syncedThrough = new Date(Date.now() - 3_600_000);
  await db.update(calendars).set({ syncedThrough }).where(eq(calendars.connectionId, connection.id));
  await page.goto("/bookings/new");
  await expect(page.getByText("Until its account works again, nobody can ask it")).toBeVisible();
  await expect(page.getByText("It is asked directly")).toHaveCount(0);
  await bookAhead(context.request, service);
  await page.goto("/bookings");
  await expect(page.getByText("Not yet in Google Calendar")).toBeVisible();
  await page.getByRole("link", { name: "Ana Silva" }).click();
  await expect(page.getByText("Waits for the account")).toBeVisible();
});

test("Trying a failed reconnection again is about the same connection", async ({ page, connection }) => {
  const again = page.getByRole("link", { name: "Try again" });
  for (const address of ["/integrations?connect=denied", "/connect/finished?outcome=denied"]) {
    await page.goto(`${address}&integrationId=${connection.id}`);
    await expect(again).toHaveAttribute("href", new RegExp(`integrationId=${connection.id}`));
  }
  await page.goto(`/integrations?connect=denied&integrationId=${crypto.randomUUID()}`);
  await expect(again).not.toHaveAttribute("href", /integrationId/);
});

test("The banner names the cause it is, not a withdrawal that never was", async ({
  page,
  account,
  connection,
  context,
}) => {
  await act("tokens/refresh-failure", { account: account.email, kind: "admin_policy_enforced" });
  await act("tokens/expire", { account: account.email });
  await syncElsewhere(context.request, connection.id);
  await expect.poll(async () => (await integrations(context.request))[0]?.statusReason).toBe("admin_policy");
  await page.goto("/history");
  const banner = page.getByRole("region", { name: "A connection needs you" });
  await expect(banner).toContainText(`An administrator stopped our access to ${account.email}`);
});

test("Somebody with a dead connection can still leave it", async ({ page, account, connection, context }) => {
  await act("tokens/revoke", { account: account.email });
  await syncElsewhere(context.request, connection.id);
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const card = integrationsPage.card(account);
  await expect(card).toHaveAttribute("data-status", "reconnect_required");
  await card.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect", exact: true }).click();
  await expect(card).toHaveCount(0);
  await expect(page.getByRole("region", { name: "A connection needs you" })).toHaveCount(0);
});

function settingsOf(list: { settings: Record<string, unknown> }[]): Record<string, unknown> {
  return list[0]?.settings ?? {};
}
