import { isLoopbackHost } from "@/lib/platform/origins";

/** The server that takes our mails, as `SMTP_URL` names it. */
export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte (smtps); otherwise STARTTLS when offered. */
  secure: boolean;
  /** A password never travels in the clear to another machine. */
  requireTls: boolean;
  login: { user: string; password: string } | null;
}

/** Reads `smtp(s)://[user:password@]host[:port]`; a fault never repeats the value, which holds a password. */
export function parseMailServer(text: string): { server: MailServer } | { fault: string } {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === "") {
    return { fault: "SMTP_URL must read smtp://[user:password@]host[:port] or smtps://…" };
  }
  if (!["", "/"].includes(url.pathname) || url.search !== "" || url.hash !== "") {
    return { fault: "SMTP_URL takes neither a path nor parameters" };
  }
  if ((url.username === "") !== (url.password === "")) {
    return { fault: "SMTP_URL: user and password belong together" };
  }
  const login = readLogin(url);
  if (login === undefined) return { fault: "SMTP_URL: user or password is not percent-encoded" };
  const secure = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (secure ? 465 : login === null ? 25 : 587) : Number(url.port);
  return { server: { host, port, secure, requireTls: login !== null && !isLoopbackHost(host), login } };
}

function readLogin(url: URL): MailServer["login"] | undefined {
  if (url.username === "") return null;
  try {
    return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  } catch {
    return undefined; // The caller names the fault.
  }
}
