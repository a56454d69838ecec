import { bookAhead, freeSlots, makeBooking, makeService, untilExported } from "./support/desk";
import { setting } from "./support/environment";
import { connectByAddress, integrations, syncElsewhere } from "./support/person";
import { act, clearFaults, openAccount, putEvent } from "./support/sandbox";
import { expect, test } from "./support/test";

test("shots", async ({ page, context, account, connection }) => {
  test.setTimeout(300_000);
  const dir = "/tmp/shots";
  const shot = async (
    name: string,
    path: string,
    look: { w: number; dark?: boolean; fr?: boolean; open?: boolean },
  ) => {
    await context.addCookies([{ name: "locale", value: look.fr ? "fr" : "en", url: setting("E2E_APP_URL") }]);
    await page.emulateMedia({ colorScheme: look.dark ? "dark" : "light", reducedMotion: "reduce" });
    await page.setViewportSize({ width: look.w, height: 900 });
    await page.goto(path);
    await page.waitForTimeout(900);
    if (look.open)
      await page.evaluate(() => {
        for (const d of document.querySelectorAll("details")) d.open = true;
      });
    await page.screenshot({ path: `${dir}/${name}.png`, fullPage: !path.includes("why=") });
  };
  await shot("cal-empty", "/calendar", { w: 1280 });
  const service = await makeService(context.request, { name: "Ostéopathie" });
  const slots = (await freeSlots(context.request, service.id)).filter(
    (s) => s.start > new Date(Date.now() + 86400000).toISOString().slice(0, 10),
  );
  const day = slots[0]?.start.slice(0, 10) ?? "";
  const a = await makeBooking(context.request, service, { start: slots[0]?.start });
  await makeBooking(context.request, service, {
    start: slots[8]?.start,
    client: { name: "Zoé Rousseau-Lefebvre" },
  });
  const days = (Date.parse(day) - Date.parse(new Date().toISOString().slice(0, 10))) / 86400000;
  await putEvent(account, "Réunion d’équipe", days, {
    start: { dateTime: `${day}T10:30:00Z` },
    end: { dateTime: `${day}T11:30:00Z` },
  });
  await putEvent(account, "Peut-être", days, {
    start: { dateTime: `${day}T14:00:00Z` },
    end: { dateTime: `${day}T15:00:00Z` },
    transparency: "transparent",
  });
  await context.request.post(`${setting("E2E_APP_URL")}/api/v1/unavailabilities`, {
    headers: { origin: setting("E2E_APP_URL") },
    data: { title: "Dentiste", start: `${day}T16:00:00Z`, end: `${day}T17:00:00Z` },
  });
  await untilExported(context.request, a.id);
  const {
    exports: [x],
  } = await (await context.request.get(`${setting("E2E_APP_URL")}/api/v1/bookings/${a.id}`)).json();
  await act("calendar/events/edit", {
    account: account.email,
    eventId: x.externalEventId,
    change: { start: { dateTime: `${day}T17:30:00Z` }, end: { dateTime: `${day}T18:30:00Z` } },
  });
  await syncElsewhere(context.request, connection.id);
  await page.waitForTimeout(1500);
  await shot("cal-week", `/calendar?view=week&date=${day}`, { w: 1280 });
  await shot("cal-week-dark-fr", `/calendar?view=week&date=${day}`, { w: 1280, dark: true, fr: true });
  await shot("cal-phone", `/calendar?view=week&date=${day}`, { w: 390 });
  await shot("cal-list-fr", `/calendar?view=list&date=${day}`, { w: 1280, fr: true });
  await shot("why-free", `/calendar?view=day&date=${day}&why=${day}&from=15:00&to=16:00`, { w: 1280 });
  await shot("why-blocked", `/calendar?view=day&date=${day}&why=${day}&from=09:00&to=19:00`, {
    w: 1280,
    dark: true,
    fr: true,
  });
  await shot("why-phone", `/calendar?view=day&date=${day}&why=${day}&from=09:00&to=19:00`, { w: 390 });
  await shot("int-one", "/integrations", { w: 1280 });
  const second = await openAccount("Bob Durand");
  await act("calendar/calendars/create", { account: second.email, summary: "Cabinet" });
  await connectByAddress(context.request, second);
  await page.waitForTimeout(1500);
  await shot("int-two-open-fr", "/integrations", { w: 1280, open: true, fr: true });
  await shot("int-two-phone-dark", "/integrations", { w: 390, dark: true });
  await act("faults", {
    operation: "calendar.events.insert",
    kind: "internal_error",
    account: account.email,
    count: 0,
  });
  await makeBooking(context.request, service, { start: slots[14]?.start, client: { name: "Kenji Tanaka" } });
  await page.waitForTimeout(1500);
  await shot("int-failing", "/integrations", { w: 1280 });
  await shot("cal-failing", `/calendar?view=week&date=${day}`, { w: 1280 });
  await clearFaults();
  await act("tokens/revoke", { account: account.email });
  await syncElsewhere(context.request, connection.id);
  await expect.poll(async () => (await integrations(context.request))[0]?.status).toBe("reconnect_required");
  await bookAhead(context.request, service, { client: { name: "Ana Silva" } });
  await shot("int-dead", "/integrations", { w: 1280 });
  await shot("history", "/history", { w: 1280, open: true });
  await connectByAddress(context.request, account, { integrationId: connection.id });
  await page.waitForTimeout(2500);
  await shot("int-added-fr", "/integrations", { w: 1280, fr: true });
});
