import { describe, expect, it } from "vitest";
import { ownPath } from "@/app/sign-in/_components/own-path";

describe("where a sign-in returns to", () => {
  it.each([
    ["/history?status=failed", "/history?status=failed"],
    ["https://app.example.test/calendar", "/calendar"],
    ["https://evil.example.test/calendar", null],
    ["//evil.example.test", null],
    ["/\\evil.example.test", null],
    ["javascript:alert(1)", null],
    [["/a", "/b"], null],
    [undefined, null],
  ])("%j becomes %j", (address, expected) => {
    expect(ownPath(address, "https://app.example.test")).toBe(expected);
  });
});
