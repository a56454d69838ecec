import { describe, expect, it } from "vitest";
import { INTEGRATIONS_PATH, safeReturnPath } from "@/lib/connections/return-path";

describe("attack 15: returnTo leads nowhere but home", () => {
  const hostile = [
    "https://evil.test",
    "//evil.test",
    "/\\evil.test",
    "\\/evil.test",
    "/%5Cevil.test",
    "/%2F/evil.test",
    "javascript:alert(1)",
    "/%0d%0aSet-Cookie:x=1",
    "/\r\nSet-Cookie:x=1",
    "/\t/evil.test",
    "/%E0%A4%A",
    "/..//evil.test",
    "/api/auth/signout",
    "evil.test",
    "",
    `/${"a".repeat(600)}`,
  ];
  it.each(hostile)("refuses %j", (path) => {
    expect(safeReturnPath(path)).toBe(INTEGRATIONS_PATH);
  });

  it.each(["/calendar", "/history?status=failed", "/integrations"])("keeps %s", (path) => {
    expect(safeReturnPath(path)).toBe(path);
  });
});
