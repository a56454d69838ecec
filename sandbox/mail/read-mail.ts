import PostalMime from "postal-mime";
import type { StoredMail } from "./mailbox";

interface ReadAttachment {
  filename: string;
  contentType: string;
  /** The `method` of a calendar part, `REQUEST` or `CANCEL`. */
  method: string | null;
  content: string;
}

/** A message taken apart, as a mail program would. */
export interface ReadMail {
  id: string;
  receivedAt: string;
  envelope: { from: string; to: string[] };
  from: string;
  to: string[];
  subject: string;
  messageId: string;
  headers: { name: string; value: string }[];
  text: string;
  html: string;
  /** Calendar parts and attachments, each once. */
  attachments: ReadAttachment[];
}

export async function readMail(mail: StoredMail): Promise<ReadMail> {
  const email = await PostalMime.parse(Buffer.from(mail.raw, "latin1"), { attachmentEncoding: "utf8" });
  const attachments = email.attachments.map((part) => ({
    filename: part.filename ?? (part.mimeType === "text/calendar" ? "invite.ics" : "attachment"),
    contentType: part.mimeType,
    method: part.method ?? null,
    // The parser shortens the line ends of text, which in a calendar file are CRLF.
    content: String(part.content).replace(/\r?\n/g, "\r\n"),
  }));
  return {
    id: mail.id,
    receivedAt: new Date(mail.receivedAt).toISOString(),
    envelope: { from: mail.from, to: mail.to },
    from: nameOf(email.from),
    to: (email.to ?? []).map(nameOf),
    subject: email.subject ?? "",
    messageId: email.messageId ?? "",
    headers: email.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    text: email.text ?? "",
    html: email.html ?? "",
    attachments: distinct(attachments),
  };
}

interface Named {
  name: string;
  address?: string | undefined;
}

function nameOf(mailbox: Named | undefined): string {
  if (mailbox === undefined) return "";
  return mailbox.name === "" ? (mailbox.address ?? "") : `${mailbox.name} <${mailbox.address ?? ""}>`;
}

/** An invitation is in a mail twice: once to be understood by programs, once as a file to be saved. */
function distinct(attachments: ReadAttachment[]): ReadAttachment[] {
  const calendar = attachments.find(({ contentType }) => contentType === "text/calendar");
  if (calendar === undefined) return attachments;
  const file = attachments.find((part) => part !== calendar && part.content === calendar.content);
  const one = { ...calendar, filename: file?.filename ?? calendar.filename };
  return [one, ...attachments.filter((part) => part !== calendar && part !== file)];
}
