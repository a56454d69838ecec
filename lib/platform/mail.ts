import { createTransport } from "nodemailer";
import { headerText, type MailAddress } from "@/lib/platform/mail-address";
import type { MailServer } from "@/lib/platform/mail-server";

export interface OutgoingMail {
  /** `<id@host>`, the same however often the mail is sent, so that its reader sees one. */
  messageId: string;
  to: MailAddress;
  subject: string;
  text: string;
  html: string;
  calendar: { method: "REQUEST" | "CANCEL"; content: string } | null;
}

/**
 * Why a mail was not taken. `unreachable`: no mail would be now. `deferred`: the server said no, and may say yes
 * later. `refused`: there is no such mailbox. `uncertain`: no answer came, so it may have arrived.
 */
export type MailFault = "unreachable" | "deferred" | "refused" | "uncertain";

export class MailError extends Error {
  readonly fault: MailFault;

  constructor(fault: MailFault, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "MailError";
    this.fault = fault;
  }

  /** By name: bundlers copy this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "MailError";
  }
}

export interface MailTransport {
  from: MailAddress;
  /** Throws `MailError` unless the server took the mail. */
  send(mail: OutgoingMail): Promise<void>;
  /** Connects and signs in, without a mail. Throws `MailError`. */
  verify(): Promise<void>;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

/**
 * The one way out beside `createProviderFetch`: to the operator's own mail server. A connection per mail, so nothing
 * is sent again behind our back. Templates cannot make it read files or fetch addresses.
 */
export function openMailTransport(server: MailServer, from: MailAddress): MailTransport {
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: server.requireTls,
    ...(server.login === null ? {} : { auth: { user: server.login.user, pass: server.login.password } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    from,
    send: async (mail) => {
      await transport.sendMail(compose(mail, from)).catch((error: unknown) => {
        throw asMailError(error);
      });
    },
    verify: async () => {
      await transport.verify().catch((error: unknown) => {
        throw asMailError(error);
      });
    },
  };
}

function compose(mail: OutgoingMail, from: MailAddress) {
  const { calendar } = mail;
  return {
    messageId: mail.messageId,
    from: asHeader(from),
    to: asHeader(mail.to),
    subject: headerText(mail.subject),
    text: mail.text,
    html: mail.html,
    // RFC 3834: no vacation notice answers it.
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    ...(calendar === null
      ? {}
      : { icalEvent: { method: calendar.method, content: calendar.content, filename: "booking.ics" } }),
  };
}

function asHeader({ name, address }: MailAddress): { name: string; address: string } {
  return { name: name === null ? "" : headerText(name), address };
}

interface SmtpFault extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
  syscall?: string;
}

/** Before these the server has seen nothing of a mail. */
const NOTHING_SENT = new Set(["EDNS", "ETLS", "EAUTH", "ENOAUTH", "ECONFIG", "EREQUIRETLS"]);

function asMailError(error: unknown): MailError {
  const fault = error instanceof Error ? (error as SmtpFault) : new Error(String(error));
  const { code, responseCode, command } = fault as SmtpFault;
  // The server's own words may repeat the address, so they stay in the cause, for nobody.
  const where = [code, command?.split(" ")[0], responseCode].filter(Boolean).join(" ");
  return new MailError(kindOf(fault), where === "" ? fault.name : where, { cause: scrubbed(fault) });
}

function kindOf({ code, responseCode, response, command, syscall }: SmtpFault): MailFault {
  if (syscall === "connect" || syscall === "getaddrinfo" || NOTHING_SENT.has(code ?? ""))
    return "unreachable";
  if (responseCode === undefined) return "uncertain";
  return command === "RCPT TO" && isNoMailbox(responseCode, response ?? "") ? "refused" : "deferred";
}

/** 5.7.x is policy (relaying, sign-in): the operator's to mend, not the recipient's fault. RFC 3463. */
function isNoMailbox(code: number, response: string): boolean {
  const enhanced = /\b5\.(\d+)\.\d+\b/.exec(response)?.[1];
  return [550, 551, 553, 554].includes(code) && enhanced !== "7";
}

function scrubbed(fault: SmtpFault): Error {
  const cause = new Error(fault.code ?? "SMTP");
  cause.name = fault.name;
  return cause;
}
