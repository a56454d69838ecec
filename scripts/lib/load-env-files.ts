import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "./paths";

const FILES = [".env.production.local", ".env.local", ".env.production", ".env"];

/** What an operator wrote down for this checkout. Variables that are set already win, and so do earlier files. */
export function loadEnvFiles(): void {
  for (const name of FILES) {
    const file = resolve(root, name);
    if (existsSync(file)) process.loadEnvFile(file);
  }
}
