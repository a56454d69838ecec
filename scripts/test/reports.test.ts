import { describe, expect, it } from "vitest";
import { root } from "../lib/paths";
import { readPlaywright, readVitest } from "./reports";

const test = (fullName: string, status: string, ...failureMessages: string[]) => ({
  fullName,
  status,
  failureMessages,
});

const vitest = (...testResults: object[]) => ({
  success: true,
  numPassedTests: 1,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults,
});

describe("what the test command says at its end", () => {
  it("names what failed, with its file and the first line of its message", () => {
    const file = {
      name: `${root}/lib/a.test.ts`,
      status: "failed",
      assertionResults: [
        test("one holds", "passed"),
        test("two holds", "failed", "expected 1 to be 2\n  at x"),
      ],
    };
    expect(readVitest({ ...vitest(file), success: false })).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: ["lib/a.test.ts › two holds: expected 1 to be 2"],
      unsteady: [],
    });
  });

  it("names what passed at the second look only, and does not count it as failed", () => {
    const file = {
      name: `${root}/lib/a.test.ts`,
      status: "passed",
      assertionResults: [test("one holds", "passed", "\u001b[31mtimed out\u001b[39m\n  at x")],
    };
    expect(readVitest(vitest(file))).toMatchObject({
      failed: 0,
      unsteady: ["lib/a.test.ts › one holds: timed out"],
    });
  });

  it("counts a file that does not load, and an error outside all tests", () => {
    const unread = {
      name: `${root}/lib/b.test.ts`,
      status: "failed",
      message: "no such file",
      assertionResults: [],
    };
    const afterwards = { ...unread, message: "", assertionResults: [test("one holds", "passed")] };
    expect(readVitest({ ...vitest(unread), success: false }).failures).toEqual([
      "lib/b.test.ts: no such file",
    ]);
    expect(readVitest({ ...vitest(afterwards), success: false }).failures).toEqual(["lib/b.test.ts"]);
    expect(readVitest({ ...vitest(), success: false })).toMatchObject({
      failed: 1,
      failures: [expect.any(String)],
    });
  });

  it("reads the browser's report alike", () => {
    const spec = (title: string, status: string, message?: string) => ({
      title,
      file: "a.spec.ts",
      line: 7,
      tests: [{ status, results: [{ error: message === undefined ? undefined : { message } }, {}] }],
    });
    const specs = [
      spec("a page opens", "expected"),
      spec("a page closes", "flaky", "Timeout\nmore"),
      spec("a page stays", "unexpected", "Gone"),
    ];
    const report = {
      suites: [{ specs: [], suites: [{ specs }] }],
      stats: { expected: 1, flaky: 1, unexpected: 1, skipped: 2 },
      errors: [{ message: "worker died" }],
    };
    expect(readPlaywright(report)).toEqual({
      passed: 2,
      failed: 2,
      skipped: 2,
      failures: ["a.spec.ts:7 › a page stays: Gone", "outside the tests: worker died"],
      unsteady: ["a.spec.ts:7 › a page closes: Timeout"],
    });
  });
});
