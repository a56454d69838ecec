import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { OperatorError } from "./lib/operator-error";
import { say } from "./lib/output";
import { dataDirectory, root } from "./lib/paths";
import { runMain } from "./lib/run-main";

/** Proves that the schema in code needs no migration beyond those checked in. */
runMain(async () => {
  mkdirSync(dataDirectory, { recursive: true });
  const scratch = mkdtempSync(join(dataDirectory, "db-check-"));
  try {
    const before = copyMigrations(scratch);
    generate(scratch);
    const added = readdirSync(scratch).filter((name) => !before.includes(name));
    if (added.length > 0) {
      throw new OperatorError(
        `db/schema has changes that no migration carries (${added.join(", ")}).\n` +
          "Run `npm exec -- drizzle-kit generate --name what-changes`, read the SQL, and commit it.",
      );
    }
    say(`Schema and ${before.filter((name) => name.endsWith(".sql")).length} migrations agree.`);
    return 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

function copyMigrations(scratch: string): string[] {
  cpSync(resolve(root, "db/migrations"), scratch, { recursive: true });
  return readdirSync(scratch);
}

function generate(scratch: string): void {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      resolve(root, "node_modules/drizzle-kit/bin.cjs"),
      ...["generate", "--dialect", "postgresql", "--schema", "./db/schema/*.ts"],
      ...["--out", relative(root, scratch), "--name", "uncommitted"],
    ],
    { cwd: root, encoding: "utf8", timeout: 120_000, input: "" },
  );
  if (status !== 0) throw new OperatorError(`drizzle-kit failed:\n${stdout}${stderr}`);
}
