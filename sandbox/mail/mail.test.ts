import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { afterEach, describe, expect, it } from "vitest";
import { startSandbox, type TestSandbox } from "../testing/test-sandbox";
import type { ReadMail } from "./read-mail";

const open: TestSandbox[] = [];
const directories: string[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

async function start(dataDirectory?: string): Promise<TestSandbox> {
  const sandbox = await startSandbox(dataDirectory === undefined ? {} : { dataDirectory });
  open.push(sandbox);
  return sandbox;
}

const ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n";
const MAIL = {
  from: "Entente <entente@example.test>",
  to: "Zoë <zoe@example.test>",
  subject: "Réservé",
  text: "Bonjour",
  html: '<!doctype html><html><head></head><body><a href="https://example.test">Ouvrir</a><script>1</script></body></html>',
  icalEvent: { method: "REQUEST", content: ICS, filename: "booking.ics" },
};

function send(url: string, mail: object = MAIL): Promise<{ messageId: string }> {
  return createTransport({ url, connectionTimeout: 2_000, socketTimeout: 2_000 }).sendMail(mail);
}

async function inbox({ origin }: TestSandbox, query = ""): Promise<ReadMail[]> {
  const answer = (await (await fetch(`${origin}/sandbox/api/mail${query}`)).json()) as { mails: ReadMail[] };
  return answer.mails;
}

describe("the mail server", () => {
  it("takes a mail for anybody and takes it apart as a mail program would", async () => {
    const sandbox = await start();
    const { messageId } = await send(await sandbox.mail.listen());
    const [mail] = await inbox(sandbox, "?to=zoe@example.test");
    expect(mail).toMatchObject({
      envelope: { from: "entente@example.test", to: ["zoe@example.test"] },
      from: "Entente <entente@example.test>",
      subject: "Réservé",
      messageId,
      text: expect.stringContaining("Bonjour"),
      attachments: [{ contentType: "text/calendar", method: "REQUEST", content: ICS }],
    });
    expect(await inbox(sandbox, "?to=nobody@example.test")).toEqual([]);
    expect(sandbox.ledger.count("smtp.data")).toBe(1);
    await fetch(`${sandbox.origin}/sandbox/api/mail`, { method: "DELETE" });
    expect(await inbox(sandbox)).toEqual([]);
  });

  it("keeps the newest 200 and finds them again after a restart, in their order", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sandbox-mail-"));
    directories.push(directory);
    const first = await start(directory);
    for (let at = 1; at <= 205; at += 1) {
      first.mail.keep({ from: "a@example.test", to: ["b@example.test"], raw: `Subject: ${at}\r\n\r\n` });
    }
    await open.pop()?.close();
    const second = await start(directory);
    const mails = second.mail.list();
    expect(mails).toHaveLength(200);
    expect([mails[0]?.raw, mails.at(-1)?.raw]).toEqual(["Subject: 205\r\n\r\n", "Subject: 6\r\n\r\n"]);
    expect(second.mail.keep({ from: "", to: [], raw: "" }).id).toBe("m206");
  });

  it("refuses a recipient, greylists, loses the answer and cuts the line when it is told to", async () => {
    const sandbox = await start();
    const url = await sandbox.mail.listen();
    sandbox.faults.arm({
      operation: "smtp.recipient",
      kind: "recipient_refused",
      account: "zoe@example.test",
    });
    await expect(send(url)).rejects.toMatchObject({ responseCode: 550 });
    sandbox.faults.arm({ operation: "smtp.recipient", kind: "greylisted" });
    await expect(send(url)).rejects.toMatchObject({ responseCode: 451 });
    sandbox.faults.arm({ operation: "smtp.data", kind: "reset_before" });
    await expect(send(url)).rejects.not.toHaveProperty("responseCode");
    expect(sandbox.mail.list()).toEqual([]);
    sandbox.faults.arm({ operation: "smtp.data", kind: "reset_after" });
    await expect(send(url)).rejects.not.toHaveProperty("responseCode");
    expect(sandbox.mail.list()).toHaveLength(1);
    sandbox.faults.arm({ operation: "smtp.data", kind: "slow", delayMs: 50 });
    await send(url);
    expect(sandbox.mail.list()).toHaveLength(2);
    expect(sandbox.faults.list()).toEqual([]);
  });

  it("can go away and come back at the same port", async () => {
    const sandbox = await start();
    const url = await sandbox.mail.listen();
    await sandbox.mail.stop();
    await expect(send(url)).rejects.toMatchObject({ syscall: "connect" });
    expect(await sandbox.mail.listen(Number(new URL(url).port))).toBe(url);
    await send(url);
    expect(sandbox.mail.list()).toHaveLength(1);
    const other = await start();
    await expect(other.mail.listen(Number(new URL(url).port))).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});

describe("the inbox pages", () => {
  it("list mails and show one without running what is in it", async () => {
    const sandbox = await start();
    await send(await sandbox.mail.listen(), { ...MAIL, subject: "<b>Réservé</b>" });
    const get = async (path: string) => {
      const response = await fetch(`${sandbox.origin}/sandbox/inbox${path}`);
      return { response, text: await response.text() };
    };
    const list = await get("");
    expect(list.text).toContain("&lt;b&gt;Réservé&lt;/b&gt;");
    expect((await get("?hl=fr")).text).toContain("Tout supprimer");

    const page = await get("/m1");
    expect(page.text).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    expect(page.response.headers.get("content-security-policy")).toContain("frame-src 'self'");
    const shown = await get("/m1/html");
    expect(shown.response.headers.get("content-security-policy")).toMatch(
      /default-src 'none';.* sandbox allow-popups /,
    );
    expect(shown.text).toMatch(/^<!doctype html><html><head><base target="_blank">/);

    const file = await get("/m1/attachments/0");
    expect(file.text).toBe(ICS);
    expect(file.response.headers.get("content-disposition")).toBe('attachment; filename="booking.ics"');
    expect((await get("/m1/raw")).text).toContain("Message-ID:");
    expect((await get("/m9")).response.status).toBe(404);
    expect((await get("/m1/attachments/7")).response.status).toBe(404);
  });
});
