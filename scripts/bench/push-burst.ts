import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "@/lib/platform/clock";
import type { Person } from "@/tests/support/factories";
import { say } from "../lib/output";
import { waitFor } from "../lib/wait";
import type { AppWorld } from "./app-world";
import { figures, line, single } from "./measure";
import { type App, accepted, cpuOf, MOST_ROWS, type Shown } from "./push-target";
import { change, isBehind, roundsOf, type Slot, type Subject, storedEvents } from "./vendor-world";

const BURST = 1_000;
const LOOK_MS = 50;
const SENDERS = 16;

/** Everything changes first; then all messages go out, and the last change to show ends the time. */
export async function benchBurst(
  world: AppWorld,
  app: App,
  subjects: readonly Subject[],
  slots: () => number,
  what: string,
  atOnce = BURST,
): Promise<void> {
  const changes: { subject: Subject; slot: Slot }[] = [];
  for (let at = 0; at < BURST; at += 1) {
    const subject = subjects[at % subjects.length];
    if (subject !== undefined) changes.push({ subject, slot: await change(world, subject, slots()) });
  }
  await counted(world, subjects, async () => {
    const used = cpuOf(world);
    const began = performance.now();
    const answers = sendAll(
      app,
      changes.map(({ subject }) => subject),
      atOnce,
    );
    await untilAllShow(app, changes);
    const seconds = (performance.now() - began) / 1_000;
    const goal = atOnce === BURST ? "must p99 ≤ 3000, a vendor's patience" : "goal p99 ≤ 250";
    say(single(`a burst of ${BURST}${what}: all shown`, seconds, "s", "≤ 5"));
    say(line("  answer to the message", figures(await answers), goal));
    say(single("  processor time of the app", cpuOf(world) - used, "s"));
    return BURST;
  });
}

/** One looks, at as many of a person's changes as one answer holds, and never at what was seen. */
async function untilAllShow(app: App, changes: readonly { subject: Subject; slot: Slot }[]): Promise<void> {
  const people = new Map<Person, Slot[]>();
  for (const { subject, slot } of changes) {
    people.set(subject.person, [...(people.get(subject.person) ?? []), slot]);
  }
  for (const [person, own] of people) {
    for (let at = 0; at < own.length; at += MOST_ROWS) {
      const part = own.slice(at, at + MOST_ROWS);
      const range = { from: part[0]?.from ?? new Date(0), to: part.at(-1)?.to ?? new Date(0) };
      while ((await app.count(person, range)) < part.length) await sleep(LOOK_MS);
    }
  }
}

async function sendAll(
  app: Pick<Shown, "notify">,
  subjects: readonly Subject[],
  atOnce: number,
): Promise<number[]> {
  const answers: number[] = [];
  const queue = subjects.values();
  const sender = async () => {
    for (const subject of queue) answers.push(accepted(await app.notify(subject)));
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return answers;
}

/** Runs something that makes so many changes, and says what it cost and whether all of them, once each, are here. */
export async function counted(
  world: AppWorld,
  subjects: readonly Subject[],
  work: () => Promise<number>,
): Promise<void> {
  const ids = subjects.map(({ calendarId }) => calendarId);
  const stored = async () => {
    const each = await Promise.all(ids.map((id) => storedEvents(world, id)));
    return each.reduce((sum, count) => sum + count, 0);
  };
  const since = systemClock().now();
  const before = await stored();
  const made = await work();
  await untilCalm(world, ids);
  const { rounds, imported } = await roundsOf(world, ids, since);
  const here = (await stored()) - before;
  say(
    `  ${made} messages, ${rounds} rounds of ${ids.length} calendars; ${here} of ${made} events here, ${imported} imported`,
  );
}

async function untilCalm(world: AppWorld, calendarIds: readonly string[]): Promise<void> {
  await waitFor(async () => !(await isBehind(world, calendarIds)) || undefined, {
    limitMs: 60_000,
    everyMs: 20,
    onLimit: () => new Error("something is still to be read"),
  });
}

/** A thousand messages as fast as several senders can, again and again: rounds each time. */
export async function benchFlood(world: AppWorld, app: App, subject: Subject, times: number): Promise<void> {
  const rounds: number[] = [];
  for (let time = 0; time < times; time += 1) {
    await sleep(2_000);
    const since = systemClock().now();
    await sendAll(app, Array<Subject>(BURST).fill(subject), SENDERS);
    await untilCalm(world, [subject.calendarId]);
    rounds.push((await roundsOf(world, [subject.calendarId], since)).rounds);
  }
  say(single(`a flood of ${BURST} on one channel: most rounds`, Math.max(...rounds), "", "≤ 2"));
  say(`  ${times} floods: ${rounds.join(", ")} rounds`);
}
