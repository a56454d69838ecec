import { describe, expect, it } from "vitest";
import { chooseLocale } from "@/app/_i18n/locale";

describe("the language of a page", () => {
  it.each([
    [{ asked: "fr", cookie: "en", saved: "en", acceptLanguage: "en" }, "fr"],
    [{ asked: "xx", cookie: "fr", saved: "en", acceptLanguage: "en" }, "fr"],
    [{ cookie: "fr", saved: "en", acceptLanguage: "en" }, "fr"],
    [{ cookie: undefined, saved: "fr", acceptLanguage: "en" }, "fr"],
    [{ cookie: "de", saved: undefined, acceptLanguage: "fr-CA,en;q=0.8" }, "fr"],
    [{ cookie: undefined, saved: undefined, acceptLanguage: "de-DE,en;q=0.4,fr;q=0.7" }, "fr"],
    [{ cookie: undefined, saved: undefined, acceptLanguage: "fr;q=0,de" }, "en"],
    [{ cookie: undefined, saved: "xx", acceptLanguage: null }, "en"],
  ])("is chosen for %j: %s", (from, expected) => {
    expect(chooseLocale(from)).toBe(expected);
  });
});
