import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const ROOMS = new Set([
  "app",
  "db",
  "docs",
  "emails",
  "inngest",
  "lib",
  "messages",
  "public",
  "sandbox",
  "scripts",
  "tests",
]);
const SKIPPED = new Set(["node_modules", ".next", ".data", ".git", "test-results", "playwright-report"]);
const FILE_NAME = /^[\w.[\]-]+\.(?:tsx?|mjs|cjs|json|md|sql|css|example)$/;

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const files = filesBelow(root);
const names = new Set(files.map((path) => basename(path)));
const read = (path: string) => readFileSync(resolve(root, path), "utf8");
const pages = files
  .filter((path) => path.endsWith(".md"))
  .map((path) => ({ path: relative(root, path), text: readFileSync(path, "utf8") }));

function withoutFences(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, "");
}

/** As GitHub makes a heading's anchor. */
function anchorOf(heading: string): string {
  const plain = heading.replace(/[`*]/g, "").trim().toLowerCase();
  return plain.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
}

function anchorsOf(text: string): string[] {
  return [...withoutFences(text).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

/** Why a link leads nowhere, or null. */
function brokenLink(page: { path: string; text: string }, target: string): string | null {
  if (/^(?:https?|mailto):/.test(target)) return null;
  const [path = "", anchor] = target.split("#", 2);
  const file = path === "" ? resolve(root, page.path) : resolve(root, dirname(page.path), path);
  if (!existsSync(file)) return `${page.path}: ${target}`;
  if (anchor === undefined || !file.endsWith(".md")) return null;
  return anchorsOf(readFileSync(file, "utf8")).includes(anchor) ? null : `${page.path}: ${target}`;
}

/** Whether a word in backticks names something of this repository that is not there. */
function isMissingPath(page: { path: string }, word: string): boolean {
  const known = word.replace(/\/?\*.*$/, "").replace(/\/$/, "");
  if (!known.includes("/")) return FILE_NAME.test(word) && !names.has(word) && !existsSync(join(root, word));
  const here = dirname(page.path);
  const [first = ""] = known.split("/");
  if (/[{}<>\s…]/.test(known)) return false;
  // The package of that name has modules and events that read like files of the room.
  if (first === "inngest" && !/\.ts$|\/$/.test(word)) return false;
  if (!ROOMS.has(first) && !(first !== "" && here !== "." && existsSync(join(root, here, first))))
    return false;
  return ![root, join(root, here)].some((base) => existsSync(join(base, known)));
}

describe("documents", () => {
  it("link to what exists, headings included", () => {
    const broken = pages.flatMap((page) =>
      [...withoutFences(page.text).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].flatMap(
        ([, markdown, html]) => brokenLink(page, markdown ?? html ?? "") ?? [],
      ),
    );
    expect(broken).toEqual([]);
  });

  it("name only files and folders that exist", () => {
    const missing = pages.flatMap((page) =>
      [...withoutFences(page.text).matchAll(/`([^`\n]+)`/g)].flatMap(([, word = ""]) =>
        isMissingPath(page, word) ? `${page.path}: ${word}` : [],
      ),
    );
    expect(missing).toEqual([]);
  });

  it("name only npm scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const unknown = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm (?:run (?:-s |--silent )?([a-z][\w:-]*)|(test|start)\b)/g)].flatMap(
        ([, run, short]) => ((run ?? short ?? "") in scripts ? [] : `${path}: npm run ${run ?? short}`),
      ),
    );
    expect(unknown).toEqual([]);
  });

  it("give every variable of the environment an example, and no others", () => {
    const [, schema = ""] =
      /const schema = z\.object\(\{([\s\S]*?)^\}\);/m.exec(read("lib/platform/env.ts")) ?? [];
    const known = [...schema.matchAll(/^ {2}([A-Z][A-Z_]*):/gm)].map(([, name]) => name);
    const shown = [...read(".env.example").matchAll(/^([A-Z][A-Z_]*)=/gm)].map(([, name]) => name);
    expect(known.length).toBeGreaterThan(20);
    expect([...shown].sort()).toEqual([...known].sort());
  });

  it("exist in French wherever they exist in English for users", () => {
    const titles = (locale: string) => readdirSync(resolve(root, "docs/user", locale)).sort();
    expect(titles("fr")).toEqual(titles("en"));
  });
});
