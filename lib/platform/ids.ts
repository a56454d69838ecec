import { randomFillSync } from "node:crypto";

/** Randomness is drawn for many ids at once: one by one it costs more than everything else about them. */
const pool = Buffer.alloc(16 * 512);
let drawn = pool.length;

function sixteenRandomBytes(): Buffer {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += 16;
  return pool.subarray(drawn - 16, drawn);
}

/** A UUIDv7: ordered by creation, so that bulk inserts stay on the right edge of an index. */
export function newId(now: Date): string {
  const bytes = sixteenRandomBytes();
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The smallest id that may have been made at an instant or later: what has a smaller one was there before. */
export function firstIdAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids from outside: anything else cannot exist, and is answered like an id that does not. */
export function isId(value: string): boolean {
  return UUID.test(value);
}
