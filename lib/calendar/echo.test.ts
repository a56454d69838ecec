import { describe, expect, it } from "vitest";
import { type EchoContext, type ExportedEvent, indexExports, recognizeEcho } from "@/lib/calendar/echo";

const exported: ExportedEvent = {
  bookingId: "b1",
  provider: "google",
  calendarExternalId: "alice@example.test",
  externalId: "ent1",
  iCalUid: "ent1@google.example",
};
const lost = { bookingId: "b2", externalId: "ent2" };
const context: EchoContext = {
  provider: "google",
  calendarExternalId: "alice@example.test",
  expectedFor: (marker) => (marker === "marker-b2" ? lost : null),
};
const foreign = { externalId: "x1", seriesId: null, iCalUid: "x1@elsewhere.example", bookingMarker: null };
const index = indexExports([exported]);
const elsewhere = { ...context, calendarExternalId: "team@example.test" };
const outlook = { ...context, provider: "microsoft", calendarExternalId: "AAMk-1" };

describe("recognizeEcho", () => {
  it.each([
    [
      "an event with our stored id, where we put it",
      { ...foreign, externalId: "ent1" },
      context,
      "stored",
      "b1",
    ],
    ["our event moved to another calendar", { ...foreign, externalId: "ent1" }, elsewhere, "moved", "b1"],
    [
      "an event whose row is lost, by marker and the id we would give",
      { ...foreign, externalId: "ent2", bookingMarker: "marker-b2" },
      context,
      "rebuilt",
      "b2",
    ],
    [
      "our event's image in another calendar",
      { ...foreign, iCalUid: exported.iCalUid },
      elsewhere,
      "mirror",
      "b1",
    ],
    [
      "our event's image at the other vendor",
      { ...foreign, iCalUid: exported.iCalUid },
      outlook,
      "mirror",
      "b1",
    ],
  ])("knows %s", (_, event, where, by, bookingId) => {
    expect(recognizeEcho(event, index, where)).toEqual({ own: true, by, bookingId });
  });

  it.each([
    ["somebody else's event", foreign, context, false],
    ["a duplicate that carries our marker", { ...foreign, bookingMarker: "marker-b2" }, context, true],
    ["an event that forges a marker", { ...foreign, bookingMarker: "nonsense" }, context, true],
    ["the id of a lost event without its marker", { ...foreign, externalId: "ent2" }, context, false],
    ["our id at another vendor", { ...foreign, externalId: "ent1" }, outlook, false],
    [
      "a second event with our iCal UID in our own calendar",
      { ...foreign, iCalUid: exported.iCalUid },
      context,
      false,
    ],
    [
      "an occurrence after somebody made our event recurring",
      {
        externalId: "ent1_20270101",
        seriesId: "ent1",
        iCalUid: exported.iCalUid,
        bookingMarker: "marker-b1",
      },
      context,
      true,
    ],
    [
      "such an occurrence mirrored in another calendar",
      { externalId: "y_20270101", seriesId: "y", iCalUid: exported.iCalUid, bookingMarker: null },
      elsewhere,
      false,
    ],
    ["an event without iCal UID", { ...foreign, iCalUid: null }, elsewhere, false],
  ])("lets %s block", (_, event, where, copy) => {
    expect(recognizeEcho(event, index, where)).toEqual({ own: false, copy });
  });

  it("prefers the booking written to this very calendar when an id stands in two", () => {
    const twin = { ...exported, bookingId: "b9", calendarExternalId: "team@example.test" };
    const both = indexExports([exported, twin]);
    const event = { ...foreign, externalId: "ent1" };
    expect(recognizeEcho(event, both, elsewhere)).toMatchObject({ by: "stored", bookingId: "b9" });
  });

  it("takes exports without iCal UID for no mirror of each other", () => {
    const unnamed = indexExports([{ ...exported, iCalUid: null }]);
    expect(recognizeEcho({ ...foreign, iCalUid: null }, unnamed, elsewhere)).toEqual({
      own: false,
      copy: false,
    });
  });
});
