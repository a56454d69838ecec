import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Inngest } from "inngest";
import { beforeAll, describe, expect, it } from "vitest";
import { EVENTS } from "@/inngest/events";
import { createFunctions } from "@/inngest/functions/all";
import { JOBS } from "@/inngest/jobs";
import type { Services } from "@/lib/connections/services";

const room = resolve(import.meta.dirname, "../../inngest");
let definitions: {
  id: string;
  options: Record<string, unknown>;
  triggers: { event?: unknown; cron?: string }[];
}[];

beforeAll(() => {
  const client = new Inngest({ id: "entente", isDev: true });
  const never = async () => undefined;
  definitions = createFunctions(client, {} as Services, { drain: never, stop: never }).map(({ opts }) => {
    const { id, triggers, ...options } = opts;
    return { id, options, triggers: (triggers ?? []) as { event?: unknown; cron?: string }[] };
  });
});

describe("the functions as a server gets to know them", () => {
  it("rest on nothing but concurrency and retries: no order, no rate limit, no debounce, nothing that drops or delays", () => {
    for (const { id, options } of definitions) {
      expect({
        id,
        uses: Object.keys(options).filter((name) => !["concurrency", "retries"].includes(name)),
      }).toEqual({
        id,
        uses: [],
      });
      // A key would be mistaken for a lock, and costs the order of everything behind it.
      expect({ id, concurrency: Object.keys(options.concurrency as object) }).toEqual({
        id,
        concurrency: ["limit"],
      });
      expect([0, 1]).toContain(options.retries);
    }
  });

  it("have one trigger each", () => {
    expect(definitions.filter(({ triggers }) => triggers.length !== 1)).toEqual([]);
  });

  it("are on a schedule once per job, for the whole installation and never for one connection", () => {
    const scheduled = definitions.filter(({ triggers: [trigger] }) => trigger?.cron !== undefined);
    expect(scheduled.map(({ id }) => id).sort()).toEqual(Object.keys(JOBS).sort());
    for (const { id, options } of scheduled) {
      expect({ id, options }).toEqual({ id, options: { concurrency: { limit: 1 }, retries: 0 } });
    }
  });

  it("hear every event there is, each in one place", () => {
    const heard = definitions.flatMap(({ triggers: [trigger] }) => trigger?.event ?? []);
    expect(heard.sort()).toEqual(Object.keys(EVENTS).sort());
  });

  it("never sleep, wait or call each other: no delay that matters lives in a run", () => {
    const folder = resolve(room, "functions");
    for (const name of readdirSync(folder)) {
      const source = readFileSync(resolve(folder, name), "utf8");
      expect(source).not.toMatch(
        /step\s*\.\s*(?:sleep|sleepUntil|waitForEvent|waitForSignal|invoke|fetch|ai)\b/,
      );
    }
  });

  it("are sent events from three places alone, each with an id that a repetition has again", () => {
    const senders = readdirSync(room, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.startsWith("embedded"))
      .filter((name) =>
        /\b(?:client|inngest)\.send\(|step\.sendEvent\(/.test(readFileSync(resolve(room, name), "utf8")),
      );
    expect(senders.sort()).toEqual(["functions/sync.ts", "functions/upkeep.ts", "outbox-pump.ts"]);
  });
});
