import { makeService } from "./support/desk";
import { GooglePages } from "./support/google-pages";
import { IntegrationsPage } from "./support/integrations-page";
import { integrations, syncElsewhere, unavailabilities } from "./support/person";
import { disablePolling, hastenPolling, prepareDeafness, setDeaf } from "./support/polling";
import { act, putEvent } from "./support/sandbox";
import { SandboxCalendarPage } from "./support/sandbox-calendar-page";
import { expect, test } from "./support/test";

const BY_ASKING = "by asking";

test.beforeEach(async ({ page }, { title }) => {
  if (!title.includes(BY_ASKING)) await disablePolling(page);
});

test("An event put into Google Calendar by hand appears in the open page without a reload, and goes when deleted", async ({
  page,
  account,
  connection,
  context,
}) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await integrationsPage.waitUntilLive();
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  const card = integrationsPage.card(account);
  await expect(card.getByText("Last change", { exact: true }).locator("..")).toContainText("none yet");

  const calendar = new SandboxCalendarPage(await context.newPage());
  await calendar.open(account);
  await calendar.add("Visite chez le dentiste");
  expect(await syncElsewhere(context.request, connection.id)).toBe(202);
  await expect(card.getByText("Last change", { exact: true }).locator("..")).not.toContainText("none yet");
  expect(await unavailabilities(context.request)).toMatchObject([{ title: "Visite chez le dentiste" }]);
  await integrationsPage.expectBusyTimes(account, "1 busy time is removed");

  await calendar.delete("Visite chez le dentiste");
  await syncElsewhere(context.request, connection.id);
  await expect.poll(() => unavailabilities(context.request)).toEqual([]);
  await integrationsPage.expectBusyTimes(account, "No busy time comes from this account");
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
});

test("The history lists a sync of elsewhere by itself", async ({ page, account, connection, context }) => {
  await page.goto("/history?trigger=manual");
  await new IntegrationsPage(page).waitUntilLive();
  const nothing = page.getByRole("heading", { name: "No run matches these filters" });
  await expect(nothing).toBeVisible();
  // Whether this run or the vendor's own word brings the event first is a race; listed is the run either way.
  await putEvent(account, "Réunion");
  await syncElsewhere(context.request, connection.id);
  await expect(nothing).toBeHidden();
  await expect(page.getByRole("listitem").filter({ hasText: "By hand" })).toHaveCount(1);
});

test(`Where the stream is cut, the page says so, hears of changes ${BY_ASKING}, and is live again after it`, async ({
  page,
  account,
  connection,
  context,
  guard,
}) => {
  guard.allow(/\/api\/live/);
  await hastenPolling(page);
  await page.route("**/api/live", (route) => route.fulfill({ status: 503 }));
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await expect(page.getByRole("status").filter({ hasText: "Checking regularly" })).toBeVisible();
  await putEvent(account, "Réunion");
  await syncElsewhere(context.request, connection.id);
  const evidence = integrationsPage.card(account).getByText("Last change", { exact: true }).locator("..");
  await expect(evidence).not.toContainText("none yet");
  await page.unroute("**/api/live");
  await integrationsPage.waitUntilLive();
});

test("A stream that falls silent without an error is noticed: the page is read, and live again with the next word", async ({
  page,
  account,
  connection,
  context,
}) => {
  await page.clock.install();
  await prepareDeafness(page);
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await integrationsPage.waitUntilLive();
  await setDeaf(page, true);
  await putEvent(account, "Réunion");
  await syncElsewhere(context.request, connection.id);
  await expect.poll(() => unavailabilities(context.request)).toHaveLength(1);
  const evidence = integrationsPage.card(account).getByText("Last change", { exact: true }).locator("..");
  await expect(evidence).toContainText("none yet");
  await page.clock.fastForward(41_000);
  await expect(page.getByRole("status").filter({ hasText: "Checking regularly" })).toBeVisible();
  await expect(evidence).not.toContainText("none yet");
  await setDeaf(page, false);
  await page.clock.fastForward(41_000);
  await integrationsPage.waitUntilLive();
});

test("A second tab hears the same news although one stream serves both", async ({
  page,
  account,
  connection,
  context,
}) => {
  const first = new IntegrationsPage(page);
  await first.open();
  await first.waitUntilLive();
  const second = new IntegrationsPage(await context.newPage());
  await disablePolling(second.page);
  await second.open();
  await second.waitUntilLive();
  await putEvent(account, "Réunion");
  await syncElsewhere(context.request, connection.id);
  for (const { page: tab } of [first, second]) {
    const evidence = new IntegrationsPage(tab)
      .card(account)
      .getByText("Last change", { exact: true })
      .locator("..");
    await expect(evidence).not.toContainText("none yet");
  }
});

test("A tab that missed the news while nobody looked at it reads them when it is seen again", async ({
  page,
  account,
  connection,
  context,
  guard,
}) => {
  guard.allow(/\/api\/live/);
  await page.route("**/api/live", (route) => route.fulfill({ status: 503 }));
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await expect(page.getByRole("status").filter({ hasText: "Checking regularly" })).toBeVisible();
  const look = (state: string) =>
    page.evaluate((visibilityState) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, value: visibilityState });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await look("hidden");
  await putEvent(account, "Réunion");
  await syncElsewhere(context.request, connection.id);
  await expect.poll(() => unavailabilities(context.request)).toHaveLength(1);
  const evidence = integrationsPage.card(account).getByText("Last change", { exact: true }).locator("..");
  await expect(evidence).toContainText("none yet");
  await look("visible");
  await expect(evidence).not.toContainText("none yet");
});

test("A calendar switched off blocks nothing, and blocks again when switched on", async ({
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
  const blocks = integrationsPage.card(account).getByRole("switch", { name: "blocks my availability" });
  await blocks.uncheck();
  await expect(page.getByText("No calendar is checked")).toBeVisible();
  await expect.poll(() => unavailabilities(context.request)).toEqual([]);
  await blocks.check();
  await expect.poll(async () => (await unavailabilities(context.request)).length).toBe(1);
});

test("Import switched off lets go of everything at once", async ({ page, account, connection, context }) => {
  await putEvent(account, "Réunion");
  await syncElsewhere(context.request, connection.id);
  await expect.poll(async () => (await unavailabilities(context.request)).length).toBe(1);
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await integrationsPage
    .card(account)
    .getByRole("switch", { name: /Import busy times/ })
    .uncheck();
  await expect.poll(() => unavailabilities(context.request)).toEqual([]);
  await expect(integrationsPage.card(account).getByText("Import is off")).toBeVisible();
});

test("A calendar made at Google appears unchecked", async ({ page, account, connection, context }) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await act("calendar/calendars/create", { account: account.email, summary: "Chorale" });
  await integrationsPage.card(account).getByRole("button", { name: "Sync now" }).click();
  const chorale = integrationsPage
    .card(account)
    .getByRole("switch", { name: "Chorale blocks my availability" });
  await expect(chorale).not.toBeChecked();
  await chorale.check();
  await expect
    .poll(async () => (await integrations(context.request))[0]?.calendars.filter((c) => c.checkForConflicts))
    .toHaveLength(2);
  expect(connection.calendars).toHaveLength(1);
});

test("Disconnecting says with numbers what goes, and leaves nothing of the account", async ({
  page,
  account,
  connection,
  context,
}) => {
  await putEvent(account, "Réunion", 1);
  await putEvent(account, "Entretien", 2);
  await syncElsewhere(context.request, connection.id);
  await expect.poll(async () => (await unavailabilities(context.request)).length).toBe(2);
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await integrationsPage.card(account).getByRole("button", { name: "Disconnect" }).click();
  const dialog = page.getByRole("dialog", { name: "Disconnect Google Calendar?" });
  await expect(dialog).toContainText("2 busy times are removed");
  await dialog.getByRole("button", { name: "Disconnect", exact: true }).click();
  await expect(
    page.getByText("Disconnected. Nothing of this account blocks your time any more."),
  ).toBeVisible();
  expect(await unavailabilities(context.request)).toEqual([]);
  await expect(integrationsPage.card(account)).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "No calendar connected yet" })).toBeVisible();
  await expect.poll(() => integrations(context.request)).toEqual([]);

  const google = await integrationsPage.openPopup();
  await google.choose(account);
  await expect(new GooglePages(google.page).page.getByText("wants access")).toBeVisible();
});

test("A live refresh asks for its own page alone, and a link is fetched ahead when somebody turns to it", async ({
  page,
  person: _signedIn,
  context,
}) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await integrationsPage.waitUntilLive();
  await page.waitForLoadState("networkidle");
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (searchParams.has("_rsc")) asked.push(pathname);
  });
  // What a refresh let go of would be fetched again before the next one.
  for (const _ of [1, 2, 3]) {
    const refreshed = page.waitForResponse((response) => response.url().includes("/integrations?_rsc"));
    await makeService(context.request);
    await refreshed;
  }
  expect(asked.length).toBeGreaterThanOrEqual(3);
  expect(new Set(asked)).toEqual(new Set(["/integrations"]));

  const ahead = page.waitForRequest((request) => request.url().includes("/history?_rsc"));
  await page.getByRole("link", { name: "History" }).hover();
  expect((await ahead).headers()).toHaveProperty("next-router-prefetch");
});

test("A calendar renamed at Google has its new name on the open page", async ({
  page,
  account,
  connection,
  context,
}) => {
  const { id } = await act<{ id: string }>("calendar/calendars/create", {
    account: account.email,
    summary: "Chorale",
  });
  await syncElsewhere(context.request, connection.id);
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await integrationsPage.waitUntilLive();
  const card = integrationsPage.card(account);
  await expect(card.getByText("Chorale", { exact: true })).toBeVisible();
  await act("calendar/calendars/change", { account: account.email, calendarId: id, summary: "Orchestre" });
  await expect(card.getByText("Orchestre", { exact: true })).toBeVisible();
});
