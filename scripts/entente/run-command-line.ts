import { parseArgs } from "node:util";
import { EnvironmentError } from "@/lib/platform/env";
import { AppError } from "@/lib/platform/errors";
import { OperatorError } from "../lib/operator-error";
import { say } from "../lib/output";
import type { Command, Values } from "./command";
import { COMMANDS } from "./commands";
import { openPlace, type Place } from "./place";

/** Runs one command and prints its result. Answers the exit code; a failure throws words for the person. */
export async function runCommandLine(
  words: readonly string[],
  open: () => Place = () => openPlace(process.env),
): Promise<number> {
  if (words.length === 0 || words.includes("--help") || words[0] === "help") {
    say(help());
    return words.length === 0 ? 1 : 0;
  }
  const { command, rest } = findCommand(words);
  const { values, positionals } = readWords(command, rest);
  const place = open();
  try {
    const result = await command.run(place, values, positionals);
    say(values.json === true ? JSON.stringify(result.json, null, 2) : result.text);
    return result.failed === true ? 1 : 0;
  } catch (error) {
    throw inWords(error);
  } finally {
    await place.close();
  }
}

function findCommand(words: readonly string[]): { command: Command; rest: string[] } {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    const command = COMMANDS.find((candidate) => candidate.name === name);
    if (command !== undefined) return { command, rest: words.slice(length) };
  }
  throw new OperatorError(`There is no command "${words.slice(0, 2).join(" ")}".\n\n${help()}`);
}

function readWords(command: Command, rest: string[]): { values: Values; positionals: string[] } {
  const usage = `Usage: npm run -s entente -- ${command.name} ${command.usage}`.trimEnd();
  try {
    const read = parseArgs({
      args: rest,
      options: { ...command.options, json: { type: "boolean" } },
      allowPositionals: command.arguments !== undefined,
    });
    const surplus = read.positionals[command.arguments ?? 0];
    if (surplus !== undefined) throw new Error(`There is one word too many: ${surplus}`);
    return { values: read.values as Values, positionals: read.positionals };
  } catch (error) {
    throw new OperatorError(`${error instanceof Error ? error.message : error}\n${usage}`, { cause: error });
  }
}

function inWords(error: unknown): unknown {
  if (error instanceof AppError || error instanceof EnvironmentError) {
    return new OperatorError(error.message, { cause: error });
  }
  return error;
}

function help(): string {
  const lines = COMMANDS.map(
    ({ name, usage, summary }) => `${`  ${name} ${usage}`.trimEnd()}\n      ${summary}`,
  );
  return `Usage: npm run -s entente -- COMMAND [--json]\n\n${lines.join("\n")}`;
}
