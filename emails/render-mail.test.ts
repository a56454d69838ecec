import { describe, expect, it } from "vitest";
import { renderMail } from "@/emails/render-mail";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import type { BookingMail, ConnectionMail } from "@/lib/mail/mail-content";

const zone = (name: string) => parseTimeZone(name) ?? UTC;

const booking: BookingMail = {
  template: "booking",
  audience: "client",
  news: "confirmed",
  locale: "en",
  timeZone: zone("Europe/Paris"),
  start: new Date("2026-11-24T09:00:00Z"),
  end: new Date("2026-11-24T10:00:00Z"),
  serviceName: "First visit",
  providerName: "Alice Martin",
  clientName: "Zoë Durand",
  clientEmail: "zoe@example.test",
  clientPhone: "+33 1 23 45 67 89",
  address: "12 rue des Lilas\n75011 Paris",
  instructions: "Bring a towel.",
  price: { amount: 60, currency: "EUR" },
  cancelReason: null,
  link: "https://entente.example.test/booking/TOKEN",
};

const dead: ConnectionMail = {
  template: "connection_dead",
  locale: "en",
  timeZone: zone("Europe/Paris"),
  vendor: "google",
  accountEmail: "alice@example.test",
  since: new Date("2026-11-22T23:30:00Z"),
  reason: "revoked",
  missingBookings: 2,
  link: "https://entente.example.test/integrations#integration-1",
};

describe("a mail about a booking", () => {
  it("tells its client when, where, what and with whom, in their zone, by name", async () => {
    const { subject, text, html } = await renderMail(booking);
    expect(subject).toMatch(/^Confirmed: First visit, Tue,? 24 Nov, 10:00$/);
    for (const part of [
      "24 November 2026",
      "10:00",
      "11:00",
      "Europe/Paris",
      "First visit",
      "Alice Martin",
    ]) {
      expect(text).toContain(part);
      expect(html).toContain(part);
    }
    expect(text).toContain("12 rue des Lilas\n75011 Paris");
    expect(text).toContain("€60.00");
    expect(text).toContain("https://entente.example.test/booking/TOKEN");
    expect(text).not.toContain("+33");
    expect(html).toContain('href="https://entente.example.test/booking/TOKEN"');
  });

  it("says the same in French, with its own punctuation", async () => {
    const { subject, text, html } = await renderMail({
      ...booking,
      locale: "fr",
      timeZone: zone("America/Montreal"),
    });
    expect(subject).toMatch(/^Confirmé\u00a0: First visit, mar\. 24 nov\.?,? (à )?04:00$/);
    expect(text).toContain("mardi 24 novembre 2026");
    expect(text).toContain("Quand\u00a0: ");
    expect(html).toContain('lang="fr"');
  });

  it.each(["client", "provider"] as const)(
    "has words for every piece of news for the %s",
    async (audience) => {
      const subjects = new Set<string>();
      for (const locale of ["en", "fr"] as const) {
        for (const news of ["confirmed", "moved", "cancelled"] as const) {
          const mail = await renderMail({ ...booking, audience, news, locale, cancelReason: "Ill today" });
          subjects.add(mail.subject);
          expect(mail.text.includes("Ill today")).toBe(news === "cancelled");
          expect(mail.html).not.toMatch(/\{client\}|undefined|mail\.client/);
        }
      }
      expect(subjects.size).toBe(6);
    },
  );

  it("tells the provider who comes and how to reach them, in the provider's zone", async () => {
    const mail = await renderMail({
      ...booking,
      audience: "provider",
      timeZone: zone("Asia/Tokyo"),
      link: "https://e.test/bookings",
    });
    expect(mail.subject).toContain("Zoë Durand");
    for (const part of ["18:00", "Asia/Tokyo", "zoe@example.test", "+33 1 23 45 67 89"]) {
      expect(mail.text).toContain(part);
    }
  });

  it("shows what a stranger wrote as the text it is", async () => {
    const hostile = '<img src=x onerror="alert(1)"></p><a href="https://evil.test">click</a> {evil} %s';
    const mail = await renderMail({
      ...booking,
      ...{
        clientName: hostile,
        serviceName: hostile,
        address: hostile,
        instructions: hostile,
        providerName: hostile,
      },
    });
    expect(mail.html).not.toMatch(/<img|<a href="https:\/\/evil/);
    expect(mail.html).toContain("&lt;img");
    expect(mail.text).toContain(hostile);
  });

  it("fetches nothing and knows dark mode", async () => {
    const { html } = await renderMail(booking);
    expect(
      [...html.matchAll(/(?:src|href|url)\s*[=(]\s*["']?(https?:[^"')\s]+)/g)].map(([, url]) => url),
    ).toEqual(["https://entente.example.test/booking/TOKEN"]);
    expect(html).not.toMatch(/@import|@font-face|<img|<link/);
    expect(html).toContain("prefers-color-scheme: dark");
    expect(html).toContain('name="color-scheme" content="light dark"');
  });
});

describe("a mail about a dead connection", () => {
  it("says which, since when, why, what it means, and has one button", async () => {
    const { subject, text, html } = await renderMail(dead);
    expect(subject).toBe("Google Calendar no longer answers for alice@example.test");
    for (const part of [
      "23 November 2026",
      "withdrawn",
      "2 bookings made since then are not in your calendar.",
    ]) {
      expect(text).toContain(part);
    }
    expect([...html.matchAll(/<a /g)]).toHaveLength(1);
    expect(text).toContain(dead.link);
  });

  it.each([0, 1, 2])("counts in French: %i", async (missingBookings) => {
    const { text } = await renderMail({ ...dead, locale: "fr", missingBookings });
    const expected = ["Aucune réservation", "1 réservation prise", "2 réservations prises"][missingBookings];
    expect(text).toContain(expected);
  });
});
