import { type Inngest, NonRetriableError, RetryAfterError } from "inngest";

/** What a call of the protocol can lead to and none of our own functions does on every day. */
export interface ProbeLog {
  /** Side effects, in order. */
  done: string[];
}

/** Small functions of one client, one for each way a run can go on. */
export function probeFunctions(client: Inngest, { done }: ProbeLog) {
  const on = (name: string) => ({ id: name, triggers: [{ event: `probe/${name}` }] });
  return [
    client.createFunction(on("two-steps"), async ({ step }) => {
      const first = await step.run("first", () => done.push("first"));
      await step.run("second", () => done.push("second"));
      return { first };
    }),
    client.createFunction(on("side-by-side"), async ({ step }) => {
      await Promise.all([
        step.run("left", () => done.push("left")),
        step.run("right", () => done.push("right")),
      ]);
      return "both";
    }),
    client.createFunction(
      {
        ...on("failing-step"),
        retries: 1,
        onFailure: async ({ step }) => step.run("told", () => done.push("told of the failure")),
      },
      async ({ step }) =>
        step.run("fails", () => {
          done.push("failed");
          throw new Error("relation of Alice <alice@example.test> does not exist");
        }),
    ),
    client.createFunction({ ...on("retry-after"), retries: 2 }, async ({ step, attempt }) =>
      step.run("asks-for-time", () => {
        done.push(`attempt ${attempt}`);
        if (attempt === 0) throw new RetryAfterError("the vendor is busy", "2s");
        return attempt;
      }),
    ),
    client.createFunction({ ...on("no-retry"), retries: 3 }, async () => {
      done.push("gave up");
      throw new NonRetriableError("never again");
    }),
  ];
}

export const PROBES = ["two-steps", "side-by-side", "failing-step", "retry-after", "no-retry"] as const;
