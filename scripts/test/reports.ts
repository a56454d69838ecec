import { isAbsolute, relative } from "node:path";
import { z } from "zod";
import { root } from "../lib/paths";

/** What a stage gave. Names are `file › title`; a failure's goes with the first line of its message. */
export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  failures: string[];
  /** Passed, but not at the first look. */
  unsteady: string[];
}

export const nothing = (): Outcome => ({ passed: 0, failed: 0, skipped: 0, failures: [], unsteady: [] });

/** A stage that failed for a reason that no test of it has. */
export const broken = (why: string): Outcome => ({ ...nothing(), failed: 1, failures: [why] });

const vitestTest = z.object({
  fullName: z.string(),
  status: z.string(),
  failureMessages: z
    .array(z.string())
    .nullish()
    .transform((messages) => messages ?? []),
});

const vitestReport = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(vitestTest),
    }),
  ),
});

/** Reads the report of `vitest run --reporter=json`. */
export function readVitest(report: unknown): Outcome {
  const { success, testResults, ...counts } = vitestReport.parse(report);
  const failures = testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === "failed").map(nameOf(file.name));
    // A file that does not load, or whose hooks fail, has failed although none of its tests has.
    const whole = file.status === "failed" && failed.length === 0;
    return whole ? [`${inProject(file.name)}${firstLine(file.message)}`] : failed;
  });
  if (!success && failures.length === 0) failures.push("an error outside the tests, see above");
  const unsteady = testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status, failureMessages }) => status === "passed" && failureMessages.length > 0)
      .map(nameOf(file.name)),
  );
  return {
    passed: counts.numPassedTests,
    failed: failures.length,
    skipped: counts.numPendingTests + counts.numTodoTests,
    failures,
    unsteady,
  };
}

function nameOf(file: string) {
  return (test: z.infer<typeof vitestTest>) =>
    `${inProject(file)} › ${test.fullName}${firstLine(test.failureMessages[0] ?? "")}`;
}

const playwrightTest = z.object({
  status: z.string(),
  results: z.array(z.object({ error: z.object({ message: z.string().optional() }).nullish() })),
});

interface Suite {
  specs: { title: string; file: string; line: number; tests: z.infer<typeof playwrightTest>[] }[];
  suites?: Suite[] | undefined;
}

const suite: z.ZodType<Suite> = z.lazy(() =>
  z.object({
    specs: z.array(
      z.object({ title: z.string(), file: z.string(), line: z.number(), tests: z.array(playwrightTest) }),
    ),
    suites: z.array(suite).optional(),
  }),
);

const playwrightReport = z.object({
  suites: z.array(suite).default([]),
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.object({ message: z.string().optional() })).default([]),
});

/** Reads the report of `playwright test --reporter=json`. */
export function readPlaywright(report: unknown): Outcome {
  const { suites, stats, errors } = playwrightReport.parse(report);
  const named = suites.flatMap(testsOf);
  const unsteady = named.filter(({ status }) => status === "flaky").map(({ name }) => name);
  const failures = [
    ...named.filter(({ status }) => status === "unexpected").map(({ name }) => name),
    ...errors.map(({ message }) => `outside the tests${firstLine(message ?? "")}`),
  ];
  return {
    passed: stats.expected + stats.flaky,
    failed: failures.length,
    skipped: stats.skipped,
    failures,
    unsteady,
  };
}

function testsOf(level: Suite): { status: string; name: string }[] {
  const own = level.specs.flatMap(({ title, file, line, tests }) =>
    tests.map(({ status, results }) => {
      const message = results.find((result) => result.error)?.error?.message ?? "";
      return { status, name: `${file}:${line} › ${title}${firstLine(message)}` };
    }),
  );
  return [...own, ...(level.suites ?? []).flatMap(testsOf)];
}

function inProject(path: string): string {
  return isAbsolute(path) ? relative(root, path) : path;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours begin with one.
const COLOURS = /\u001b\[[0-9;]*m/g;

function firstLine(message: string): string {
  const [line = ""] = message.replace(COLOURS, "").split("\n");
  return line.trim() === "" ? "" : `: ${line.trim().slice(0, 200)}`;
}
