import { expect } from "vitest";
import { problemSchema } from "@/app/api/v1/_openapi/problem-schema";
import { refusalsOf } from "@/app/api/v1/_openapi/refusals";
import type { Operation } from "@/app/api/v1/_operations/operation";

/** Holds one answer against what `openapi.json` says of its operation: status, type, body, code. */
export async function expectConformance(operation: Operation, answer: Response): Promise<void> {
  const response = answer.clone();
  const where = `${operation.method} ${operation.path}`;
  expect(response.headers.get("cache-control"), where).toBe("private, no-store");
  const type = response.headers.get("content-type");
  if (!response.ok) {
    const problem = problemSchema.parse(await response.json());
    expect(type, where).toBe("application/problem+json");
    expect(problem.status, where).toBe(response.status);
    expect(refusalsOf(operation).get(response.status) ?? [], where).toContain(problem.code);
    return;
  }
  expect(response.status, where).toBe(operation.status ?? 200);
  if (operation.answer === null) return expect(await response.text(), where).toBe("");
  expect(type, where).toBe("application/json");
  expect(operation.answer.safeParse(await response.json()).error, where).toBeUndefined();
}
