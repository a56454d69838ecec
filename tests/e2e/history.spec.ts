import { withdrawAccess } from "./support/dead-grant";
import { IntegrationsPage } from "./support/integrations-page";
import { connectByAddress, syncElsewhere } from "./support/person";
import { act, clearFaults, openAccount, putEvent } from "./support/sandbox";
import { expect, test } from "./support/test";

test("The history of somebody new says where to begin", async ({ page, person: _signedIn }) => {
  await page.goto("/history");
  await expect(page.getByRole("heading", { name: "Nothing has been synced yet" })).toBeVisible();
  await page.getByRole("link", { name: "Connect a calendar" }).click();
  await expect(page).toHaveURL(/\/integrations$/);
});

test("The filters stand in the address, and a filtered list can be kept, shared and reset", async ({
  page,
  account,
  connection,
  context,
}) => {
  await putEvent(account, "Réunion");
  await syncElsewhere(context.request, connection.id);
  await page.goto("/history");
  const runs = page.getByRole("main").getByRole("listitem");
  await expect(runs.filter({ hasText: "By hand" })).toHaveCount(1);
  // Which run brings it is a race between the vendor's own word and this hand.
  await expect(runs.filter({ hasText: "1 event added" })).toHaveCount(1);
  const filters = page.getByRole("form", { name: "Filter the history" });
  await filters.getByLabel("Begun by").selectOption("By hand");
  await filters.getByLabel("Result").selectOption("Succeeded");
  await filters.getByLabel("Calendar").selectOption({ label: account.email });
  await filters.getByRole("button", { name: "Filter" }).click();

  await expect(page).toHaveURL(/status=succeeded&trigger=manual&calendarId=[0-9a-f-]{36}/);
  await expect(runs).toHaveCount(1);
  await expect(runs).toContainText("By hand");
  await page.reload();
  await expect(filters.getByLabel("Begun by")).toHaveValue("manual");
  await expect(runs).toHaveCount(1);

  await page.goto("/history?status=failed&from=2026-01-01&to=2026-01-02");
  await expect(page.getByRole("heading", { name: "No run matches these filters" })).toBeVisible();
  await page.getByRole("link", { name: "Show all runs" }).click();
  await expect(page).toHaveURL(/\/history$/);
  await expect(runs.filter({ hasText: "By hand" })).toHaveCount(1);
});

test("Of two accounts, runs and filters say whose they are, by the name their owner gave", async ({
  page,
  account,
  connection,
  context,
}) => {
  const practice = await openAccount();
  expect(await connectByAddress(context.request, practice)).toBe("connected");
  const card = new IntegrationsPage(page).card(account);
  await page.goto("/integrations");
  await card.getByRole("button", { name: /name/i }).click();
  await card.getByRole("textbox").fill("Private life");
  await card.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Private life" })).toBeVisible();
  await page.goto("/history");
  const runs = page.getByRole("main").getByRole("listitem");
  await expect(runs.filter({ hasText: "Private life" })).toHaveCount(1);
  await expect(runs.filter({ hasText: practice.email })).toHaveCount(1);
  const calendars = page.getByRole("form", { name: "Filter the history" }).getByLabel("Calendar");
  await calendars.selectOption({ label: `${account.email} · Private life` });
  await expect(calendars).toHaveValue(connection.calendars[0]?.id ?? "");
});

test("An address with impossible filters shows the whole list", async ({ page, connection }) => {
  await page.goto("/history?status=wonderful&calendarId=1%27--&from=tomorrow&cursor=abc");
  await expect(page.getByRole("heading", { level: 1, name: "Sync history" })).toBeVisible();
  expect(connection.status).toBe("connected");
});

test("A run opens to its details, by keyboard too, with a reference for support", async ({
  page,
  connection,
}) => {
  await page.goto("/history");
  const run = page.getByRole("main").getByRole("listitem").filter({ hasText: "Connection" }).first();
  await run.locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(run.getByText("Complete reading")).toBeVisible();
  await expect(run.getByText("Unchanged events")).toBeVisible();
  const reference = await run.locator("code").textContent();
  expect(reference).toMatch(/^[0-9a-f-]{36}$/);
  expect(connection.lastRun).not.toBeNull();
});

test("A failed run says in words what happened, what mends it, and offers the button for that", async ({
  page,
  account,
  connection,
  context,
}) => {
  await withdrawAccess(context.request, account, connection);
  await page.goto("/history?status=failed");
  const run = page.getByRole("main").getByRole("listitem").filter({ hasText: "Failed" }).first();
  await run.locator("summary").click();
  await expect(run.getByText("Google Calendar no longer accepts our access")).toBeVisible();
  await expect(run.getByText("Reconnect the account. Your settings stay")).toBeVisible();
  await run.getByRole("link", { name: "See the account" }).click();
  await expect(page).toHaveURL(new RegExp(`/integrations#integration-${connection.id}$`));
  await expect(new IntegrationsPage(page).card(account)).toBeInViewport();
});

test("While Google is in trouble a run says that nothing is to be done, and when it goes on", async ({
  page,
  account,
  connection,
  context,
}) => {
  await act("faults", {
    operation: "calendar.events.list",
    kind: "unavailable",
    account: account.email,
    count: 0,
  });
  try {
    await syncElsewhere(context.request, connection.id);
    await page.goto("/history?trigger=manual");
    const run = page.getByRole("main").getByRole("listitem").first();
    await expect(run).toContainText("Running");
    await run.locator("summary").click();
    await expect(run.getByText("Google Calendar did not answer in time")).toBeVisible();
    await expect(run.getByText(/Nothing to do: it is tried again by itself/)).toBeVisible();
    await expect(run.getByText(/Next try: (in |now)/)).toBeVisible();
  } finally {
    await clearFaults();
  }
});
