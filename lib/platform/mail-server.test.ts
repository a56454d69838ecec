import { describe, expect, it } from "vitest";
import { parseMailServer } from "@/lib/platform/mail-server";

describe("SMTP_URL", () => {
  it.each([
    [
      "smtp://mail.example.com",
      { host: "mail.example.com", port: 25, secure: false, requireTls: false, login: null },
    ],
    [
      "smtps://mail.example.com",
      { host: "mail.example.com", port: 465, secure: true, requireTls: false, login: null },
    ],
    [
      "smtp://kim:p%40ss@mail.example.com",
      {
        host: "mail.example.com",
        port: 587,
        secure: false,
        requireTls: true,
        login: { user: "kim", password: "p@ss" },
      },
    ],
    ["smtp://a:b@127.0.0.1:4025", { port: 4025, requireTls: false }],
    ["smtp://[::1]:4025/", { host: "::1", port: 4025 }],
  ])("is read: %s", (text, expected) => {
    expect(parseMailServer(text)).toMatchObject({ server: expected });
  });

  it.each([
    "mail.example.com:25",
    "http://mail.example.com",
    "smtp://",
    "smtp://kim@mail.example.com",
    "smtp://mail.example.com/path",
    "smtp://kim:SECRET@mail.example.com?proxy=http://evil.test",
    "smtp://kim:%E0%A4%A@mail.example.com",
  ])("is refused without being repeated: %s", (text) => {
    const answer = parseMailServer(text);
    expect(answer).toHaveProperty("fault");
    expect(JSON.stringify(answer)).not.toMatch(/SECRET|mail\.example\.com/);
  });
});
