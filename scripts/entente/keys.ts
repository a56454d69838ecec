import { rotateKeys } from "@/lib/connections/rotate-keys";
import type { Command } from "./command";

export const keysRotate: Command = {
  name: "keys rotate",
  usage: "",
  summary: "Puts every person's key under the first of ENCRYPTION_KEYS, so that older ones can be taken out.",
  options: {},
  async run(place) {
    const { services } = await place.runtime();
    const done = await rotateKeys(services);
    const older = services.masterKeys.slice(1).map(({ id }) => id);
    const lines = [
      `${done.rotated} user keys put under ${done.keyId}, ${done.current} were under it already, ` +
        `${done.attempts} consents under way with them.`,
    ];
    if (done.unreadable > 0) {
      lines.push(
        `${done.unreadable} do not open; they need ENCRYPTION_KEYS to hold ${done.missing.join(", ")}.`,
      );
    } else if (older.length > 0) {
      lines.push(
        `When every running process has ${done.keyId} first, run this once more; then ENCRYPTION_KEYS no longer ` +
          `needs ${older.join(", ")}.`,
      );
    }
    return { json: done, text: lines.join("\n"), failed: done.unreadable > 0 };
  },
};
