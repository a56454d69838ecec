import type { ParseArgsConfig } from "node:util";
import { OperatorError } from "../lib/operator-error";
import type { Place } from "./place";

export type Values = Readonly<Record<string, string | boolean | undefined>>;

interface Result {
  /** What `--json` prints. */
  json: unknown;
  /** What is printed without it. */
  text: string;
  /** The command did its work and what it found is bad: exit code 1. */
  failed?: boolean;
}

/** One command. To add one: write a file beside this, and name it in `commands.ts`. */
export interface Command {
  /** As typed: `user create`, `doctor`. */
  name: string;
  /** Options and arguments as the help shows them. */
  usage: string;
  summary: string;
  options: NonNullable<ParseArgsConfig["options"]>;
  /** How many words may follow the name; default none. */
  arguments?: number;
  run(place: Place, values: Values, words: readonly string[]): Promise<Result>;
}

export function optional(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function required(values: Values, name: string): string {
  const value = optional(values, name);
  if (value === undefined) throw new OperatorError(`--${name} is missing.`);
  return value;
}

export function oneOf<T extends string>(allowed: readonly T[], name: string, value: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new OperatorError(`--${name} takes ${allowed.join(", ")}, not ${value}.`);
  return found;
}

/** Rows under a heading, columns aligned. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
