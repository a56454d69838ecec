import { and, eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { idempotencyKeys } from "@/db/schema/work";
import { createService } from "@/lib/bookings/services";
import { createTimeOff } from "@/lib/bookings/time-off";
import type { Ctx } from "@/lib/organizations/context";
import { type KeepAnswer, requestHash, runOnce } from "@/lib/organizations/idempotency";
import { systemClock } from "@/lib/platform/clock";
import { apiWorld, type Caller, expectProblem, json } from "./api-world";

const world = apiWorld();
const headers = { "idempotency-key": "form" };
const service = { name: "Massage", kind: "appointment" as const, durationMinutes: 60 };
const day = 86_400_000;
const inDays = (days: number) => new Date(systemClock().now().getTime() + days * day).toISOString();
const pause = { title: "Dentist", start: inDays(1), end: inDays(2) };

const MADE = [
  {
    path: "/services",
    body: service,
    count: "select count(*)::int as rows from services where user_id = ",
    make: (ctx: Ctx, keep: KeepAnswer) => createService(ctx, service, keep),
  },
  {
    path: "/unavailabilities",
    body: pause,
    count: "select count(*)::int as rows from time_off where user_id = ",
    make: (ctx: Ctx, keep: KeepAnswer) => createTimeOff(ctx, pause, keep),
  },
];

describe.each(MADE)("POST $path under an Idempotency-Key", ({ path, body, count, make }) => {
  const post = (person: Caller) => world.call("POST", path, { key: person.key, body, headers });
  const made = async ({ userId }: Caller) => {
    const [row] = await world.database.db.execute<{ rows: number }>(sql`${sql.raw(count)}${userId}`);
    return row?.rows;
  };
  /** What the route does, up to the point where `work` gets stuck. */
  const inAnotherProcess = (person: Caller, work: (ctx: Ctx, keep: KeepAnswer) => Promise<unknown>) => {
    const hash = requestHash(["POST", `/api/v1${path}`, JSON.stringify(body)]);
    const ctx = person.ctx();
    return runOnce(ctx, { key: "form", hash, status: 201 }, (keep) => work(ctx, keep));
  };

  it("again, after the process died between making it and its answer, is what was made", async () => {
    const person = await world.caller();
    const first = await new Promise<unknown>((committed, failed) => {
      const dies = (one: unknown) => {
        committed(one);
        return new Promise(() => undefined);
      };
      inAnotherProcess(person, (ctx, keep) => make(ctx, keep).then(dies)).catch(failed);
    });
    expect(await json(await post(person), 201)).toEqual(first);
    await thoughtDead(person);
    expect(await json(await post(person), 201)).toEqual(first);
    expect(await made(person)).toBe(1);
  });

  it("by a process that slept until another took the key over makes nothing", async () => {
    const person = await world.caller();
    const [asleep, claimed] = [signal(), signal()];
    const sleeper = inAnotherProcess(person, async (ctx, keep) => {
      claimed.give();
      await asleep.given;
      return make(ctx, keep);
    });
    await claimed.given;
    await thoughtDead(person);
    const answer = await json(await post(person), 201);
    asleep.give();
    await expect(sleeper).rejects.toMatchObject({ code: "idempotency_in_progress" });
    expect(await json(await post(person), 201)).toEqual(answer);
    expect(await made(person)).toBe(1);
  });

  it("that is refused leaves the key free", async () => {
    const person = await world.caller();
    const wrong = { key: person.key, body: { ...body, title: 7, name: 7 }, headers };
    await expectProblem(await world.call("POST", path, wrong), 400, "invalid_input");
    await json(await post(person), 201);
  });
});

function signal() {
  const waiting: (() => void)[] = [];
  const given = new Promise<void>((resolve) => waiting.push(resolve));
  return { given, give: () => waiting.forEach((go) => void go()) };
}

/** As if it had been silent for longer than anybody who is alive. */
async function thoughtDead({ userId }: Caller) {
  await world.database.db
    .update(idempotencyKeys)
    .set({ createdAt: sql`${idempotencyKeys.createdAt} - interval '3 minutes'` })
    .where(and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.key, "form")));
}
