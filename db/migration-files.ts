import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";

export interface Migration {
  name: string;
  checksum: string;
  statements: string[];
}

const journal = z.object({ entries: z.array(z.object({ tag: z.string() })) });

/** The checked-in migrations in journal order. Line ends do not count, so a Windows checkout sums up the same. */
export function readMigrations(directory: string): Migration[] {
  const { entries } = journal.parse(
    JSON.parse(readFileSync(resolve(directory, "meta/_journal.json"), "utf8")),
  );
  return entries.map(({ tag }) => {
    const text = readFileSync(resolve(directory, `${tag}.sql`), "utf8").replaceAll("\r\n", "\n");
    return {
      name: tag,
      checksum: createHash("sha256").update(text).digest("hex"),
      statements: text
        .split("--> statement-breakpoint")
        .map((statement) => statement.trim())
        .filter((statement) => statement !== ""),
    };
  });
}
