import { rateCounters } from "@/db/schema/work";
import { setting } from "./support/environment";
import { GooglePages } from "./support/google-pages";
import { IntegrationsPage } from "./support/integrations-page";
import { connectByAddress, integrations, signInSomebody, syncElsewhere } from "./support/person";
import { act, clearFaults, openAccount } from "./support/sandbox";
import { expect, test } from "./support/test";

const CALENDAR_READ_ONLY = "https://www.googleapis.com/auth/calendar.readonly";

test.beforeEach(async ({ person: _signedIn }) => undefined);

test("Connecting in a popup shows the account, its import and then its calendars, without a reload", async ({
  page,
  account,
}) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await expect(page.getByRole("heading", { name: "No calendar connected yet" })).toBeVisible();
  for (const part of ["What is read", "What is written", "What is never seen"]) {
    await expect(page.getByText(part, { exact: true })).toBeVisible();
  }
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));

  const google = await integrationsPage.openPopup();
  await expect(page.getByText("Waiting for the other window…")).toBeVisible();
  await google.grantAll(account);
  await expect(google.page.locator("body")).toHaveAttribute("data-outcome", "connected");

  const card = integrationsPage.card(account);
  await expect(card).toHaveAttribute("data-status", /^(importing|connected)$/);
  await expect(card).toHaveAttribute("data-status", "connected");
  await expect(card.getByText("Connected", { exact: true })).toBeVisible();
  await expect(card.getByRole("switch", { name: "blocks my availability" })).toBeChecked();
  await expect(integrationsPage.outcome("connected")).toBeVisible();
  await expect(page).toHaveURL(/\/integrations\?connect=connected/);
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
});

test("Connects and syncs from the page's own buttons count like everybody's", async ({
  page,
  account,
  person,
  database,
}) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  await google.grantAll(account);
  const card = integrationsPage.card(account);
  await expect(card).toHaveAttribute("data-status", "connected");
  await card.getByRole("button", { name: "Sync now" }).click();
  const counted = async () => {
    const rows = await database.db.select({ bucket: rateCounters.bucket }).from(rateCounters);
    return rows.map(({ bucket }) => bucket).filter((bucket) => bucket.endsWith(person.userId));
  };
  await expect
    .poll(counted)
    .toEqual(expect.arrayContaining([`connect:${person.userId}`, `sync:${person.userId}`]));
});

test("Where windows cannot hear each other, asking for the attempt tells how it ended", async ({
  page,
  account,
  context,
}) => {
  await context.addInitScript(() => {
    BroadcastChannel.prototype.postMessage = () => undefined;
  });
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  await google.choose(account);
  await google.refuse();
  await expect(integrationsPage.outcome("denied")).toBeVisible();
});

test("Where the attempt cannot be asked for, the popup's own word tells how it ended", async ({
  page,
  account,
  guard,
}) => {
  guard.allow(/connect-attempts/);
  await page.route("**/api/v1/connect-attempts/*", (route) => route.abort());
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  await google.choose(account);
  await google.refuse();
  await expect(integrationsPage.outcome("denied")).toBeVisible();
});

test("The popup closes by itself after a good ending", async ({ page, account }) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  const closed = google.page.waitForEvent("close");
  await google.grantAll(account);
  await closed;
});

test("Whoever declines reads that nothing was connected, and can try again from either window", async ({
  page,
  account,
}) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  await google.choose(account);
  await google.refuse();
  await expect(google.page.locator("body")).toHaveAttribute("data-outcome", "denied");
  await expect(integrationsPage.outcome("denied")).toContainText("You chose not to connect");
  await expect(integrationsPage.card(account)).toHaveCount(0);

  await google.page.getByRole("link", { name: "Try again" }).click();
  await google.grantAll(account);
  await expect(integrationsPage.outcome("connected")).toBeVisible();
  await expect(integrationsPage.card(account)).toBeVisible();
});

test("Without the right to write the connection is limited, and one click grants the rest", async ({
  page,
  account,
}) => {
  // Allowed to this program in the past; the consent page of today offers reading and writing in one box.
  await act("grant", { account: account.email, scopes: ["openid", "email", "profile", CALENDAR_READ_ONLY] });
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  await google.choose(account);
  await google.tickAll();
  await google.untick(/edit events/);
  await google.allow();
  await expect(google.page.locator("body")).toHaveAttribute("data-outcome", "limited");
  await expect(integrationsPage.outcome("limited")).toBeVisible();
  const card = integrationsPage.card(account);
  await expect(card).toHaveAttribute("data-status", "limited");
  await expect(card.getByRole("switch", { name: /Export bookings/ })).toBeDisabled();

  await google.page.close();
  const again = await integrationsPage.openPopup(card.getByRole("link", { name: "Grant the rest" }));
  await again.grantAll(account);
  await expect(card).toHaveAttribute("data-status", "connected");
  await expect(card.getByRole("switch", { name: /Export bookings/ })).toBeEnabled();
});

test("Without the right to read events nothing is connected", async ({ page, account }) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  await google.choose(account);
  await google.tickAll();
  await google.untick(/edit events/);
  await google.allow();
  await expect(google.page.locator("body")).toHaveAttribute("data-outcome", "missing_scope");
  await expect(integrationsPage.outcome("missing_scope")).toBeVisible();
  await expect(integrationsPage.card(account)).toHaveCount(0);
});

test("Where the browser blocks the popup, the same tab does it", async ({ page, account }) => {
  await page.addInitScript(() => {
    window.open = () => null;
  });
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await integrationsPage.connectButton.click();
  await new GooglePages(page).grantAll(account);
  await expect(page).toHaveURL(/\/integrations\?connect=connected$/);
  await expect(integrationsPage.card(account)).toBeVisible();
});

test("On a phone the same tab does it", async ({ page, account, context }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await integrationsPage.connectButton.click();
  await new GooglePages(page).grantAll(account);
  await expect(page).toHaveURL(/\/integrations\?connect=connected$/);
  expect(context.pages()).toHaveLength(1);
});

test("A popup closed before the end leaves the page waiting until its visitor stops it", async ({
  page,
  account,
}) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  await google.choose(account);
  await google.page.close();
  await page.getByRole("button", { name: "Stop waiting" }).click();
  await expect(integrationsPage.outcome("closed")).toContainText("The window was closed before the end");
  await expect(integrationsPage.card(account)).toHaveCount(0);
});

test("Reconnecting with another account changes nothing and says so", async ({
  page,
  account,
  connection,
  context,
}) => {
  await act("tokens/revoke", { account: account.email });
  await syncElsewhere(context.request, connection.id);
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const card = integrationsPage.card(account);
  await expect(card).toHaveAttribute("data-status", "reconnect_required");

  const other = await openAccount("Denis Autre");
  const google = await integrationsPage.openPopup(card.getByRole("link", { name: "Reconnect", exact: true }));
  await google.grantAll(other);
  await expect(google.page.locator("body")).toHaveAttribute("data-outcome", "wrong_account");
  await expect(integrationsPage.outcome("wrong_account")).toBeVisible();
  await expect(card).toHaveAttribute("data-status", "reconnect_required");
  await expect(integrationsPage.card(other)).toHaveCount(0);
});

test("An account that belongs to somebody else is refused, and nobody is named", async ({
  page,
  account,
  browser,
  database,
}) => {
  await using elsewhere = await browser.newContext();
  await signInSomebody(database.db, elsewhere);
  expect(await connectByAddress(elsewhere.request, account)).toBe("connected");
  const [owner] = await integrations(elsewhere.request);

  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  await google.grantAll(account);
  await expect(google.page.locator("body")).toHaveAttribute("data-outcome", "already_linked");
  await expect(integrationsPage.outcome("already_linked")).toBeVisible();
  await expect(page.locator("main")).not.toContainText("Person ");
  expect((await integrations(elsewhere.request))[0]?.id).toBe(owner?.id);
});

test("An account without a calendar is told apart, and another one can be tried", async ({ page }) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  await google.grantAll({ email: "no-calendar@example.test", name: "Nora Calder" });
  await expect(google.page.locator("body")).toHaveAttribute("data-outcome", "wrong_account");
  await expect(google.page.getByRole("heading", { name: "This account has no calendar" })).toBeVisible();
  await expect(google.page.getByRole("link", { name: "Try again" })).toBeVisible();
});

test("While Google does not answer, the page says that it is Google and not the visitor", async ({
  page,
  account,
}) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const google = await integrationsPage.openPopup();
  await google.choose(account);
  await google.tickAll();
  await act("faults", { operation: "oauth.token.code", kind: "unavailable", count: 0 });
  try {
    await google.allow();
    await expect(google.page.locator("body")).toHaveAttribute("data-outcome", "provider_down");
    await expect(integrationsPage.outcome("provider_down")).toContainText("Google Calendar does not answer");
  } finally {
    await clearFaults();
  }
  await google.page.close();
  const again = await integrationsPage.openPopup(page.getByRole("link", { name: "Try again" }));
  await again.choose(account);
  await expect(again.page).toHaveURL(/consent/);
});

test("An answer of Google that was used before connects nothing", async ({ page, account, context }) => {
  const answers: string[] = [];
  context.on("request", (request) => {
    if (request.url().includes("/api/integrations/google/callback")) answers.push(request.url());
  });
  expect(await connectByAddress(context.request, account)).toBe("connected");
  const [before] = await integrations(context.request);
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const other = await openAccount("Denis Autre");
  const google = await integrationsPage.openPopup();
  await google.grantAll(other);
  await expect(integrationsPage.card(other)).toBeVisible();

  await page.goto(answers[0] ?? "");
  await expect(page.locator("body")).toHaveAttribute("data-outcome", "state_mismatch");
  await page.goto("/api/integrations/google/callback?code=invented&state=invented");
  await expect(page).toHaveURL(/\/integrations\?connect=state_mismatch$/);
  await expect(integrationsPage.outcome("state_mismatch")).toContainText("does not fit your request");
  const after = await integrations(context.request);
  expect(after).toHaveLength(2);
  expect(after.map(({ id }) => id)).toContain(before?.id);
});

test("A link made by another program shows who will be connected before it leaves for Google", async ({
  page,
  account,
  context,
}) => {
  const answer = await context.request.post("/api/v1/integrations/google/connect", {
    headers: { origin: setting("E2E_APP_URL") },
  });
  const { attemptId, authorizationUrl } = (await answer.json()) as Record<string, string>;
  await page.goto(authorizationUrl ?? "");
  await expect(page.getByRole("heading", { name: /Connect Google Calendar for Person/ })).toBeVisible();
  await page.getByRole("button", { name: "Continue to Google Calendar" }).click();
  await new GooglePages(page).grantAll(account);
  await expect(page).toHaveURL(/\/integrations\?connect=connected$/);
  const attempt = await context.request.get(`/api/v1/connect-attempts/${attemptId}`);
  const [made] = await integrations(context.request);
  expect(await attempt.json()).toEqual({ status: "finished", outcome: "connected", integrationId: made?.id });

  // Single use: whoever follows it again gets nowhere.
  expect((await context.request.get(authorizationUrl ?? "")).status()).toBe(404);
});
