import type { Browser, Locator, Page } from "@playwright/test";
import { eq } from "drizzle-orm";
import { bookings, services } from "@/db/schema/bookings";
import { users } from "@/db/schema/users";
import { connectUnread, formPath, offerSomething } from "./support/offer";
import { bookSomething, hiddenFields, sendForm } from "./support/plain-form";
import { expect, test } from "./support/test";

const LINK = /\/booking\/[\w-]{43}$/;

async function fillIn(page: Page, name = "Ada Lovelace"): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("E-mail address").fill("ada@example.test");
}

const send = (page: Page) => page.getByRole("button", { name: "Book this time" }).click();
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

/** A browser without scripts, of somebody who reads French. */
async function withoutScripts(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "fr-FR" });
  return context.newPage();
}

test("A client finds the provider's services, takes the next free time and has it", async ({
  page,
  database: { db },
}) => {
  const offer = await offerSomething(db);
  const [start] = await offer.starts();
  await page.goto(offer.providerPath);
  await expect(heading(page, `Book a time with ${offer.name}`)).toBeVisible();
  await expect(page.getByRole("article")).toContainText("€60");
  await page.getByRole("link", { name: "First consultation" }).click();
  await page.getByRole("link", { name: /^Next free time: / }).click();
  await fillIn(page);
  await page.getByLabel("Anything worth knowing").fill("Second floor.\n<b>Ring twice.</b>");
  await send(page);

  await expect(page).toHaveURL(LINK);
  await expect(heading(page, "Your booking is confirmed")).toBeVisible();
  await expect(page.getByText("<b>Ring twice.</b>")).toBeVisible();
  const made = await db.select().from(bookings).where(eq(bookings.userId, offer.userId));
  expect(made).toMatchObject([
    {
      startsAt: new Date(start ?? 0),
      clientName: "Ada Lovelace",
      timeZone: "Europe/Paris",
      locale: "en",
      source: "client",
      instructions: "Second floor.\n<b>Ring twice.</b>",
    },
  ]);
});

test("Without scripts: faults beside their fields with everything kept, then the booking, in French", async ({
  browser,
  database: { db },
}) => {
  const offer = await offerSomething(db, { kind: "intervention", location: null });
  const page = await withoutScripts(browser);
  await page.goto(offer.path);
  await page.getByRole("link", { name: /^Prochain créneau libre/ }).click();
  const submit = page.getByRole("button", { name: "Réserver ce créneau" });
  await page.getByLabel("Nom").fill("Ada");
  await page.getByLabel("Adresse e-mail").fill("ada@");
  await page.getByLabel("Téléphone").fill("call me");
  await submit.click();

  await expect(page.getByRole("alert")).toContainText("Pas encore réservé");
  await expect(page.getByLabel("Nom")).toHaveValue("Ada");
  const email = page.getByLabel("Adresse e-mail");
  await expect(email).toHaveValue("ada@");
  await expect(email).toBeFocused();
  await expect(email).toHaveAccessibleDescription(/Indiquez une adresse e-mail/);
  await expect(page.getByLabel("Téléphone")).toHaveAccessibleDescription(/Indiquez un numéro/);
  expect(await db.select().from(bookings).where(eq(bookings.userId, offer.userId))).toEqual([]);

  await email.fill("ada@example.test");
  await page.getByLabel("Téléphone").fill("+33 6 12 34 56 78");
  await submit.click();
  const address = page.getByLabel("Adresse", { exact: true });
  await expect(address).toHaveAccessibleDescription(/Indiquez l’adresse/);
  await address.fill("3 place Bellecour, Lyon");
  await submit.click();
  await expect(page).toHaveURL(LINK);
  await expect(heading(page, "Votre réservation est confirmée")).toBeVisible();
  await page.getByRole("link", { name: "Annuler" }).click();
  await page.getByRole("button", { name: "Annuler la réservation" }).click();
  await expect(heading(page, "Cette réservation est annulée")).toBeVisible();
  await page.context().close();
});

test("A form sent twice at once is one booking and one link", async ({ request, database: { db } }) => {
  const offer = await offerSomething(db);
  const address = formPath(offer.path, (await offer.starts())[0]);
  const fields = { ...(await hiddenFields(request, address)), name: "Ada", email: "ada@example.test" };
  const answers = await Promise.all([1, 2, 3].map(() => sendForm(request, address, fields)));
  expect(answers.map((answer) => answer.status())).toEqual([303, 303, 303]);
  expect(new Set(answers.map((answer) => answer.headers().location)).size).toBe(1);
  expect(await db.select().from(bookings).where(eq(bookings.userId, offer.userId))).toHaveLength(1);
});

test("A form from another site, or from nowhere, books nothing", async ({ request, database: { db } }) => {
  const offer = await offerSomething(db);
  const address = formPath(offer.path, (await offer.starts())[0]);
  const fields = { ...(await hiddenFields(request, address)), name: "Ada", email: "ada@example.test" };
  for (const origin of [null, "null", "https://evil.example.test"]) {
    const answer = await sendForm(request, address, fields, origin);
    expect(answer.headers().location, String(origin)).toBeUndefined();
  }
  expect(await db.select().from(bookings).where(eq(bookings.userId, offer.userId))).toEqual([]);
});

test("A time taken meanwhile: the nearest free ones are one click away, and nothing has to be typed again", async ({
  page,
  request,
  database: { db },
}) => {
  const offer = await offerSomething(db);
  const [first, second] = await offer.starts();
  await page.goto(formPath(offer.path, first));
  await fillIn(page, "Grace Hopper");
  await bookSomething(request, offer, first);
  await page.getByLabel("Name").press("Enter");
  await expect(page.getByRole("alert")).toContainText("This time was taken a moment ago");
  await expect(page.getByLabel("Name")).toHaveValue("Grace Hopper");
  await page.getByLabel("Name").press("Enter");
  await expect(page.getByRole("alert"), "Enter takes no slot by chance").toContainText("taken a moment ago");
  await page
    .getByRole("button", { name: /^Take / })
    .first()
    .click();
  await expect(heading(page, "Your booking is confirmed")).toBeVisible();
  const made = await db.select().from(bookings).where(eq(bookings.clientName, "Grace Hopper"));
  expect(made.map(({ startsAt }) => startsAt.toISOString())).toEqual([second]);

  await page.goto(formPath(offer.path, first));
  await expect(page.getByRole("status")).toContainText("This time is no longer free");
});

test("While a calendar is unread nothing is offered, and a form sent meanwhile says so", async ({
  page,
  request,
  database: { db },
}) => {
  const offer = await offerSomething(db);
  const address = formPath(offer.path, (await offer.starts())[0]);
  const fields = { ...(await hiddenFields(request, address)), name: "Ada", email: "ada@example.test" };
  await connectUnread(db, offer.userId);
  await page.goto(offer.path);
  await expect(page.getByRole("heading", { name: "Free times cannot be shown yet" })).toBeVisible();
  const answer = await sendForm(request, address, fields);
  expect(await answer.text()).toContain("The calendar is not ready yet");
  expect(await db.select().from(bookings).where(eq(bookings.userId, offer.userId))).toEqual([]);
});

test("The zone is the device's until another is chosen; what was chosen stays chosen", async ({
  browser,
  database: { db },
}) => {
  const offer = await offerSomething(db);
  const context = await browser.newContext({ timezoneId: "America/New_York", locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(offer.path);
  await expect(page.getByText("Times in New York (GMT")).toBeVisible();
  await expect(page.getByText(`${offer.name} is in another time zone: Paris.`)).toBeVisible();
  const start = (await offer.starts())[20];
  await page.goto(formPath(offer.path, start));
  await page.getByText("Change", { exact: true }).click();
  await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
  await page.getByRole("button", { name: "Show these times" }).click();
  await expect(page.getByText("Times in Tokyo (GMT+9)")).toBeVisible();
  expect(new URL(page.url()).searchParams.get("start")).toBe(start);
  await page.getByRole("link", { name: "Français" }).click();
  await expect(page.getByText("Heures du fuseau Tokyo (UTC+9)")).toBeVisible();
  expect(new URL(page.url()).searchParams.get("start")).toBe(start);
  await page.getByRole("link", { name: "English" }).click();
  await fillIn(page);
  await send(page);
  await expect(page.getByText("Times in Tokyo (GMT+9)").first()).toBeVisible();
  await context.close();
});

test("By their link a client sees, moves and cancels; looking changes nothing", async ({
  page,
  request,
  database: { db },
}) => {
  const offer = await offerSomething(db);
  const link = await bookSomething(request, offer);
  const read = async () => (await db.select().from(bookings).where(eq(bookings.userId, offer.userId)))[0];
  const before = await read();
  for (const path of [link, `${link}/move`, `${link}/cancel`, `${link}/calendar.ics`]) {
    const answer = await request.get(path);
    expect(answer.status(), path).toBe(200);
    expect(answer.headers()["cache-control"], path).toContain("no-store");
    expect(answer.headers()["x-robots-tag"], path).toBe("noindex");
    expect(["no-referrer", "same-origin"]).toContain(answer.headers()["referrer-policy"]);
  }
  expect((await request.get(link)).headers()["referrer-policy"]).toBe("no-referrer");
  expect(await read()).toEqual(before);

  await page.goto(link);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Add to my calendar" }).click();
  expect((await download).suggestedFilename()).toBe("booking.ics");
  const file = await (await request.get(`${link}/calendar.ics`)).text();
  expect(file).toContain(`UID:${before?.id}@`);
  expect(file).toContain(`DTSTART:${before?.startsAt.toISOString().replace(/[-:]|\.000/g, "")}`);

  await page.getByRole("link", { name: "Move" }).click();
  await page.locator("details[open] li a").first().click();
  await page.getByRole("button", { name: "Move the booking" }).click();
  await expect(heading(page, "Your booking is confirmed")).toBeVisible();
  const moved = await read();
  expect(moved?.startsAt).not.toEqual(before?.startsAt);
  expect(moved?.id).toBe(before?.id);

  const cancelForm = await hiddenFields(request, `${link}/cancel`);
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByRole("link", { name: "Keep the booking" }).click();
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByLabel("Reason").fill("I am ill.");
  await page.getByRole("button", { name: "Cancel the booking" }).click();
  await expect(heading(page, "This booking is cancelled")).toBeVisible();
  await expect(page.getByText("Reason given: I am ill.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Book again" })).toHaveAttribute("href", offer.path);
  expect(await read()).toMatchObject({ status: "cancelled", cancelledBy: "client" });

  const again = await sendForm(request, `${link}/cancel`, { ...cancelForm, reason: "Twice" });
  expect(again.headers().location).toBe(link);
  expect((await read())?.cancelReason).toBe("I am ill.");
  expect((await request.get(`${link}/calendar.ics`)).status()).toBe(404);
});

test("Guessed links, unknown people, people who are gone and services nobody offers look the same", async ({
  page,
  guard,
  database: { db },
}) => {
  guard.allow(/404 \(Not Found\)/);
  const hidden = await offerSomething(db, { active: false });
  const gone = await offerSomething(db);
  await db.update(users).set({ disabledAt: new Date() }).where(eq(users.id, gone.userId));
  const guesses = ["/booking/x", `/booking/${"A".repeat(43)}`, `/booking/${"A".repeat(43)}/cancel`];
  for (const path of [...guesses, "/book/nobody-here", gone.providerPath, gone.path, hidden.path]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(heading(page, "There is no such booking page")).toBeVisible();
  }
});

test("Without scripts too a page says that there is nothing, in the reader's language, and leads to the other one", async ({
  browser,
  guard,
  database: { db },
}) => {
  guard.allow(/404 \(Not Found\)/);
  const offer = await offerSomething(db);
  const form = formPath(offer.path, (await offer.starts())[0]);
  const page = await withoutScripts(browser);
  await page.goto(form);
  await page.getByLabel("Nom").fill("Ada");
  await page.getByLabel("Adresse e-mail").fill("ada@example.test");
  await db.update(services).set({ active: false }).where(eq(services.userId, offer.userId));
  await page.getByRole("button", { name: "Réserver ce créneau" }).click();
  const nothing = "Cette page de réservation n’existe pas";
  await expect(heading(page, nothing)).toBeVisible();
  for (const path of [offer.path, "/book/nobody-here", `/booking/${"A".repeat(43)}/cancel`]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    expect(answer?.headers()["content-type"], path).toContain("text/html");
    await expect(heading(page, nothing)).toBeVisible();
    await expect(page).toHaveTitle(`${nothing} · Entente`);
    await page.getByRole("link", { name: "English" }).click();
    await expect(heading(page, "There is no such booking page")).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(path);
    await page.getByRole("link", { name: "Français" }).click();
  }
  await page.context().close();
});

test("An address nobody can decode is not there, and no fault of ours; an escaped one is the page it names", async ({
  request,
  database: { db },
}) => {
  const { providerPath, path } = await offerSomething(db);
  const broken = [
    `${providerPath}/%E0%A4%A`,
    "/book/%E0%A4%A",
    "/booking/%E0%A4%A/cancel",
    "/services/%E0%A4%A",
  ];
  for (const address of broken) {
    const answer = await request.get(`${address}?lang=fr`);
    expect(answer.status(), address).toBe(404);
    expect(await answer.text(), address).toMatch(/Cette page de réservation n’existe pas|Il n’y a rien ici/);
  }
  const unknown = await request.get("/api/v1/bookings/%E0%A4%A");
  expect([unknown.status(), (await unknown.json()).code]).toEqual([404, "not_found"]);
  for (const address of [providerPath, path]) {
    const escaped = address.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16)}`);
    expect((await request.get(escaped)).status(), escaped).toBe(200);
  }
});

test("A page that is not there needs no more scripts than one that is", async ({ request }) => {
  const html = await (await request.get("/book/nobody-here")).text();
  expect(html).not.toContain("__next_error__");
  expect(html).toContain("no-runtime.js");
});

test("On a phone everything to be touched is 44 pixels high", async ({ page, request, database: { db } }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const offer = await offerSomething(db);
  const link = await bookSomething(request, offer);
  const form = formPath(offer.path, (await offer.starts())[0]);
  for (const address of [offer.path, form, link, `${link}/move`, `${link}/cancel`]) {
    await page.goto(address);
    expect(await smallTargets(page), address).toEqual([]);
  }
});

/** Visible links, buttons and fields below 44 pixels, the skip link and links inside a card's own name aside. */
function smallTargets(page: Page): Promise<string[]> {
  return page.locator("main :is(a, button, summary, select, input, textarea)").evaluateAll((elements) =>
    elements
      .filter((element) => element.checkVisibility() && element.getAttribute("type") !== "hidden")
      .filter((element) => element.getBoundingClientRect().height < 44)
      .map((element) => element.outerHTML.slice(0, 120)),
  );
}

test("By keyboard alone a client books", async ({ page, database: { db } }) => {
  const offer = await offerSomething(db);
  await page.goto(offer.path);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#content")).toBeFocused();
  await tabTo(page, page.getByRole("link", { name: /^Next free time/ }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your details" })).toBeVisible();
  await tabTo(page, page.getByLabel("Name"));
  await page.keyboard.type("Ada Lovelace");
  await tabTo(page, page.getByLabel("E-mail address"));
  await page.keyboard.type("ada@example.test");
  await tabTo(page, page.getByRole("button", { name: "Book this time" }));
  await page.keyboard.press("Enter");
  await expect(heading(page, "Your booking is confirmed")).toBeVisible();
});

async function tabTo(page: Page, goal: Locator): Promise<void> {
  for (let steps = 0; steps < 15; steps += 1) {
    await page.keyboard.press("Tab");
    if (await goal.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error("Not reached in 15 steps.");
}
