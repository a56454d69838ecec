import { createHash, randomBytes } from "node:crypto";

const BASE32HEX = "0123456789abcdefghijklmnopqrstuv";

/** 26 characters of Google's alphabet for event ids, `a` to `v` and digits. */
export function randomEventId(): string {
  return [...randomBytes(26)].map((byte) => BASE32HEX[byte % 32]).join("");
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/events (field `id`). */
export function isClientEventId(id: string): boolean {
  return /^[a-v0-9]{5,1024}$/.test(id);
}

/** Id of one occurrence: the series' id and the original start, in UTC or as a day. */
export function instanceId(seriesId: string, key: string): string {
  return `${seriesId}_${key}`;
}

/** Takes an occurrence's id apart, undefined for ids of other shapes. */
export function splitInstanceId(id: string): { seriesId: string; key: string } | undefined {
  const match = /^(.+)_(\d{8}(?:T\d{6}Z)?)$/.exec(id);
  return match?.[1] !== undefined && match[2] !== undefined
    ? { seriesId: match[1], key: match[2] }
    : undefined;
}

/** Id of the series that "this and following" makes from this occurrence on. */
export function followingSeriesId(seriesId: string, key: string): string {
  return `${seriesId.replace(/_R\d{8}(T\d{6})?$/, "")}_R${key.replace("Z", "")}`;
}

/** The original start of an occurrence as it stands in ids: `20261201T090000Z`, or `20261201` when all-day. */
export function occurrenceKey(start: number, allDay: boolean): string {
  const basic = new Date(start).toISOString().replace(/[-:]/g, "");
  return allDay ? basic.slice(0, 8) : `${basic.slice(0, 15)}Z`;
}

/** A short digest that tells two parameter sets apart. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}
