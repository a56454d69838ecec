import { describe, expect, it } from "vitest";
import { headerText, isMailAddress, parseMailAddress } from "@/lib/platform/mail-address";

describe("a mail address", () => {
  it.each([
    ["kim@example.com", { name: null, address: "kim@example.com" }],
    ["Kim <kim@example.com>", { name: "Kim", address: "kim@example.com" }],
    [
      '"Praxis Dr. Kim" <kim+mail@mail.example.com>',
      { name: "Praxis Dr. Kim", address: "kim+mail@mail.example.com" },
    ],
    ["Entente <entente@localhost>", { name: "Entente", address: "entente@localhost" }],
  ])("is read: %s", (text, expected) => {
    expect(parseMailAddress(text)).toEqual(expected);
  });

  it.each([
    "",
    "kim",
    "kim@",
    "@example.com",
    "Kim kim@example.com",
    "kim@example.com, lee@example.com",
    "Kim\r\nBcc: lee@example.com <kim@example.com>",
    "kim@example.com\nBcc: lee@example.com",
    "<kim@example.com>\r\nX: y",
    "kim..lee@example.com",
    "kim@exa mple.com",
    "kim@-example.com",
    `${"k".repeat(65)}@example.com`,
  ])("is refused: %j", (text) => {
    expect(parseMailAddress(text)).toBeNull();
    expect(isMailAddress(text)).toBe(false);
  });
});

describe("the text of a header", () => {
  it("is one line without controls or turned text, and not longer than a header should be", () => {
    expect(headerText("Kim\r\nBcc: lee@example.com\u0000\u2028x\u202egnp")).toBe(
      "Kim Bcc: lee@example.com x gnp",
    );
    expect(headerText("é".repeat(500))).toHaveLength(200);
    expect(headerText(" Élodie 🙂 ")).toBe("Élodie 🙂");
  });
});
