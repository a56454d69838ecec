/** A 32-bit FNV-1a hash with a final mix, so that ids that differ little land far apart. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The place of an id within a period, in whole milliseconds from 0 to below `periodMs`; the same for ever. */
export function hashSlot(id: string, periodMs: number): number {
  return Math.floor((hash32(id) / 2 ** 32) * periodMs);
}

/** The first instant after `after` at which the id's slot comes round. */
export function nextSlot(id: string, periodMs: number, after: Date): Date {
  const slot = hashSlot(id, periodMs);
  const rounds = Math.floor((after.getTime() - slot) / periodMs) + 1;
  return new Date(rounds * periodMs + slot);
}
