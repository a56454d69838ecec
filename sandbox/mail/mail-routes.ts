import type { Routes } from "../core/context";
import type { Mailbox } from "./mailbox";
import { readMail } from "./read-mail";

const API = "/sandbox/api/mail";

/** What was received, for tests and programs. */
export function addMailRoutes(routes: Routes, mailbox: Mailbox): void {
  routes.control("GET", API, async (c) => {
    const { to, limit } = c.req.query();
    const wanted = mailbox.list().filter((mail) => !to || mail.to.includes(to));
    return Response.json({ mails: await Promise.all(wanted.slice(0, Number(limit ?? 200)).map(readMail)) });
  });
  routes.control("DELETE", API, () => {
    mailbox.clear();
    return Response.json({ ok: true });
  });
}
