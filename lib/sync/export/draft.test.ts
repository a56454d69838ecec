import { describe, expect, it } from "vitest";
import { parseTimeZone } from "@/lib/calendar/time-zone";
import { type BookingFacts, type DraftOptions, draftEvent } from "@/lib/sync/export/draft";

const BOOKING: BookingFacts = {
  id: "0199a000-0000-7000-8000-000000000001",
  kind: "appointment",
  startsAt: new Date("2026-11-24T10:00:00.000Z"),
  endsAt: new Date("2026-11-24T11:00:00.000Z"),
  clientName: "Ada Lovelace",
  clientEmail: "ada@example.test",
  clientPhone: "+33 6 00 00 00 00",
  address: "12 rue des Lilas, Lyon",
  instructions: "Second floor\nRing twice",
  serviceName: "Massage",
  serviceLocation: "Practice, room 2",
};
const OPTIONS: DraftOptions = {
  details: "full",
  locale: "en",
  timeZone: parseTimeZone("Europe/Paris") as DraftOptions["timeZone"],
  appOrigin: "https://entente.example",
};

describe("the event of a booking", () => {
  it("tells its provider who comes, where, how to reach them, and leads back here", () => {
    const draft = draftEvent(BOOKING, OPTIONS);
    expect(draft).toMatchObject({
      title: "Appointment: Massage – Ada Lovelace",
      location: "12 rue des Lilas, Lyon",
      start: BOOKING.startsAt,
      end: BOOKING.endsAt,
      bookingMarker: BOOKING.id,
      link: `https://entente.example/bookings/${BOOKING.id}`,
    });
    expect(draft.description.split("\n")).toEqual([
      "Client: Ada Lovelace",
      "Phone: +33 6 00 00 00 00",
      "E-mail: ada@example.test",
      "Instructions: Second floor",
      "Ring twice",
      "",
      `Booked with Entente: https://entente.example/bookings/${BOOKING.id}`,
    ]);
  });

  it.each<[BookingFacts["kind"], string]>([
    ["appointment", "Rendez-vous"],
    ["interview", "Entretien"],
    ["training", "Formation"],
    ["intervention", "Intervention"],
  ])("speaks the provider's language of a %s", (kind, word) => {
    expect(draftEvent({ ...BOOKING, kind }, { ...OPTIONS, locale: "fr" }).title).toBe(
      `${word}\u00a0: Massage – Ada Lovelace`,
    );
  });

  it("with minimal details tells kind, service and the service's place, and nothing of the client", () => {
    const draft = draftEvent(BOOKING, { ...OPTIONS, details: "minimal" });
    expect(draft).toMatchObject({ title: "Appointment: Massage", location: "Practice, room 2" });
    const said = JSON.stringify(draft);
    for (const secret of ["Ada", "ada@", "+33", "Lilas", "Ring"]) expect(said).not.toContain(secret);
    expect(draft.description).toContain(draft.link);
  });

  it("leaves out what nobody said", () => {
    const bare = {
      clientEmail: null,
      clientPhone: null,
      address: null,
      instructions: null,
      serviceLocation: null,
    };
    const draft = draftEvent({ ...BOOKING, ...bare }, OPTIONS);
    expect(draft.location).toBeNull();
    expect(draft.description).toBe(`Client: Ada Lovelace\n\nBooked with Entente: ${draft.link}`);
  });

  it("carries no markup, no control characters and no half characters out", () => {
    const draft = draftEvent(
      {
        ...BOOKING,
        clientName: "Eve\r\n<a href='https://evil.example'>free money</a>\u0000\ud800",
        instructions: `<img src=x>\u0007${"x".repeat(10_000)}`,
        serviceName: "M".repeat(600),
      },
      OPTIONS,
    );
    expect(`${draft.title}${draft.description}`).not.toMatch(/[<>]|[^\P{Cc}\n]/u);
    expect(draft.title.isWellFormed() && draft.description.isWellFormed()).toBe(true);
    expect(draft.title).not.toContain("\n");
    expect(draft.title.length).toBeLessThanOrEqual(500);
    expect(draft.description.length).toBeLessThan(8_000);
    expect(draft.description.endsWith(draft.link)).toBe(true);
  });

  it("has a stamp that moves with every word and time, and with nothing else", () => {
    const { stamp } = draftEvent(BOOKING, OPTIONS);
    const moved = { startsAt: new Date("2026-11-24T10:30:00.000Z") };
    for (const change of [moved, { clientPhone: null }, { address: "elsewhere" }, { clientName: "Bob" }]) {
      expect(draftEvent({ ...BOOKING, ...change }, OPTIONS).stamp).not.toBe(stamp);
    }
    expect(draftEvent(BOOKING, { ...OPTIONS, timeZone: "UTC" as DraftOptions["timeZone"] }).stamp).toBe(
      stamp,
    );
  });
});
