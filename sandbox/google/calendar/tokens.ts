import { createHash } from "node:crypto";
import type { CalendarRecord } from "./model";

/** What a sync token remembers. */
export interface SyncToken {
  calendarId: string;
  account: string;
  /** Digest of the parameters that have to stay the same. */
  parameters: string;
  /** Those parameters themselves, for the switch that answers as if they had stayed. */
  singleEvents: boolean;
  seq: number;
  issuedAt: number;
  epoch: string;
  timeMin: number | null;
  timeMax: number | null;
}

/** Where the next page of a list goes on. */
export interface PageToken {
  calendarId: string;
  account: string;
  parameters: string;
  /** Newest change when the list began; the sync token at its end starts there. */
  seq: number;
  /** Place of the last item that was shown. */
  after: readonly [number, number];
  page: number;
  /** Items of the first page to repeat in an older state. */
  repeat?: string;
  /** This page is the empty one. */
  empty?: boolean;
}

/** Opaque text with a checksum: what was not made here is recognized. */
export function encodeToken(token: SyncToken | PageToken | object): string {
  const body = Buffer.from(JSON.stringify(token)).toString("base64url");
  return `C${checksum(body)}${body}=`;
}

export function decodeToken<T>(text: string): T | undefined {
  const body = text.slice(7, -1);
  if (text[0] !== "C" || !text.endsWith("=") || text.slice(1, 7) !== checksum(body)) return undefined;
  return JSON.parse(Buffer.from(body, "base64url").toString()) as T;
}

function checksum(body: string): string {
  return createHash("sha256").update(body).digest("base64url").slice(0, 6);
}

/** What has to be the same for a token to live: it changes with the calendar's access rights and by command. */
export function epochOf(record: CalendarRecord, account: string): string {
  return `${record.tokenEpoch}.${record.accountEpochs[account] ?? 0}`;
}
