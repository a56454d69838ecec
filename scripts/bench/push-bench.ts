import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "@/lib/platform/clock";
import type { Person } from "@/tests/support/factories";
import { say } from "../lib/output";
import { waitFor } from "../lib/wait";
import type { AppWorld } from "./app-world";
import { openFloorApp } from "./floor-app";
import { figures, line, ratio, single } from "./measure";
import { usageOf } from "./usage";
import {
  change,
  connectFleet,
  isBehind,
  notify,
  pushRounds,
  type Slot,
  type Subject,
  stopNotifying,
  storedEvents,
} from "./vendor-world";

const PER_SECOND = 20;
const BURST = 1_000;
/** As many messages of a vendor's are on their way at once; the stand-in sends that many. */
const AT_ONCE = 32;
/** Looking costs the app as well: the longer a change takes, the less often it is looked for. */
const POLL_MS = 4;
const POLL_SHARE = 0.1;
const LOOK_MS = 50;

/** Something that is told of changes and shows them: the app, or the floor beneath it. */
interface Shown {
  notify(subject: Subject): Promise<{ status: number; ms: number }>;
  shows(subject: Subject, slot: Slot): Promise<boolean>;
}

interface App extends Shown {
  meet(subjects: readonly Subject[]): Promise<void>;
  /** How many of a person's blocking events lie in a range. */
  count(person: Person, range: Slot): Promise<number>;
}

interface Told {
  visible: number[];
  answers: number[];
}

/**
 * From a vendor's message to the change in `GET /unavailabilities`: twenty a second for a while, spread and on one
 * calendar, then a thousand at once; and what a flood on one channel costs.
 */
export async function benchPush(world: AppWorld, seconds: number): Promise<void> {
  const app = await openApp(world);
  const fleet = await connectFleet(world, { name: "push", connections: 50, calendars: 2, perPerson: 5 });
  const [lone] = await connectFleet(world, { name: "lone", connections: 1, calendars: 1 });
  if (lone === undefined) throw new Error("no calendar");
  await app.meet([...fleet, lone]);
  const slots = slotMachine();
  await steady(world, app, [...fleet], slots, 5);
  const before = await floor(world, fleet, slots, Math.min(seconds, 10));
  const spread = await steady(world, app, fleet, slots, seconds);
  report(`20/s over ${fleet.length} calendars, ${seconds} s`, spread);
  say(ratio("  visible / floor (p50)", figures(spread.visible).p50 / figures(before.visible).p50));
  await counted(world, [lone], async () => {
    const one = await steady(world, app, [lone], slots, seconds);
    report(`20/s on one calendar, ${seconds} s`, one);
    return one.visible.length;
  });
  await burst(world, app, fleet, slots, `a burst of ${BURST}, ${AT_ONCE} at once`, AT_ONCE);
  await burst(world, app, fleet, slots, `a burst of ${BURST}, all at once`, BURST);
  await burst(world, app, [lone], slots, `a burst of ${BURST} on one calendar`, AT_ONCE);
  await flood(world, lone, 5);
  stopNotifying();
}

async function openApp(world: AppWorld): Promise<App> {
  const origin = world.stack.appUrl.replace("localhost", "127.0.0.1");
  const keys = new Map<string, string>();
  return {
    meet: async (subjects) => {
      for (const { person } of subjects) {
        if (!keys.has(person.userId)) keys.set(person.userId, await world.keyFor(person));
      }
    },
    notify: (subject) => notify(origin, subject),
    shows: async ({ person }, { from, to }) => {
      const path = `/unavailabilities?from=${from.toISOString()}&to=${to.toISOString()}`;
      const { status, bytes } = await world.get(keys.get(person.userId) ?? "", path);
      if (status !== 200) throw new Error(`unavailabilities answered ${status}`);
      return bytes > EMPTY_BYTES;
    },
    count: async (person, { from, to }) => {
      const path = `/unavailabilities?from=${from.toISOString()}&to=${to.toISOString()}&limit=${MOST_ROWS}`;
      const { status, body } = await world.call(keys.get(person.userId) ?? "", "GET", path);
      if (status !== 200) throw new Error(`unavailabilities answered ${status}`);
      return (body as { data: unknown[] }).data.length;
    },
  };
}

/** An answer without rows is shorter, one with a row longer. */
const EMPTY_BYTES = 60;
const MOST_ROWS = 200;

function slotMachine(): () => number {
  let next = 0;
  return () => next++ % 8_000;
}

/** Each change is made, announced, and looked for until it shows. */
async function steady(
  world: AppWorld,
  target: Shown,
  subjects: readonly Subject[],
  slots: () => number,
  seconds: number,
): Promise<Told> {
  const told: Told = { visible: [], answers: [] };
  const one = async (subject: Subject) => {
    const slot = await change(world, subject, slots());
    const began = performance.now();
    const answered = target.notify(subject);
    while (!(await target.shows(subject, slot))) {
      const waited = performance.now() - began;
      if (waited > 60_000) throw new Error("a change never showed");
      await sleep(Math.max(POLL_MS, waited * POLL_SHARE));
    }
    told.visible.push(performance.now() - began);
    told.answers.push(accepted(await answered));
  };
  const began = performance.now();
  const all: Promise<void>[] = [];
  for (let at = 0; at < seconds * PER_SECOND; at += 1) {
    const wait = began + (at * 1_000) / PER_SECOND - performance.now();
    if (wait > 0) await sleep(wait);
    const subject = subjects[at % subjects.length];
    if (subject !== undefined) all.push(one(subject));
  }
  await Promise.all(all);
  return told;
}

function accepted({ status, ms }: { status: number; ms: number }): number {
  if (status !== 204) throw new Error(`a message was answered with ${status}`);
  return ms;
}

function report(what: string, { visible, answers }: Told): void {
  say(line(what, figures(visible), "goal p50 ≤ 50, p99 ≤ 500"));
  say(line("  answer to the message", figures(answers), "goal p99 ≤ 250"));
}

/** The same by a program without our engine, while the app stands idle. */
async function floor(
  world: AppWorld,
  fleet: readonly Subject[],
  slots: () => number,
  seconds: number,
): Promise<Told> {
  const app = await openFloorApp(world, fleet);
  try {
    await steady(world, app, fleet, slots, 3);
    const told = await steady(world, app, fleet, slots, seconds);
    say(line("floor: receive, one delta, one transaction", figures(told.visible)));
    say(line("  answer to the message", figures(told.answers)));
    return told;
  } finally {
    await app.stop();
  }
}

/** Everything changes first; then all messages go out, and the last change to show ends the time. */
async function burst(
  world: AppWorld,
  app: App,
  subjects: readonly Subject[],
  slots: () => number,
  what: string,
  atOnce: number,
): Promise<void> {
  const changes: { subject: Subject; slot: Slot }[] = [];
  for (let at = 0; at < BURST; at += 1) {
    const subject = subjects[at % subjects.length];
    if (subject !== undefined) changes.push({ subject, slot: await change(world, subject, slots()) });
  }
  await counted(world, subjects, async () => {
    const used = usageOf(world.stack.pids.app);
    const began = performance.now();
    const answers = sendAll(
      app,
      changes.map(({ subject }) => subject),
      atOnce,
    );
    await untilAllShow(app, changes);
    const seconds = (performance.now() - began) / 1_000;
    const cpu = (usageOf(world.stack.pids.app)?.cpuSeconds ?? Number.NaN) - (used?.cpuSeconds ?? Number.NaN);
    say(single(`${what}: all shown`, seconds, "s", "≤ 5"));
    say(line("  answer to the message", figures(await answers), "goal p99 ≤ 250"));
    say(single("  processor time of the app", cpu, "s"));
    return BURST;
  });
}

/** One looks, at as many of a person's changes as one answer holds, and never at what was seen. */
async function untilAllShow(app: App, changes: readonly { subject: Subject; slot: Slot }[]): Promise<void> {
  for (const [person, own] of Map.groupBy(changes, ({ subject }) => subject.person)) {
    for (let at = 0; at < own.length; at += MOST_ROWS) {
      const part = own.slice(at, at + MOST_ROWS).map(({ slot }) => slot);
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
async function counted(
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
  const { rounds, imported } = await pushRounds(world, ids, since);
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
async function flood(world: AppWorld, subject: Subject, times: number): Promise<void> {
  const origin = world.stack.appUrl.replace("localhost", "127.0.0.1");
  const app = { notify: (to: Subject) => notify(origin, to) };
  const rounds: number[] = [];
  for (let time = 0; time < times; time += 1) {
    await sleep(2_000);
    const since = systemClock().now();
    await sendAll(app, Array<Subject>(BURST).fill(subject), 16);
    await untilCalm(world, [subject.calendarId]);
    rounds.push((await pushRounds(world, [subject.calendarId], since)).rounds);
  }
  say(single(`a flood of ${BURST} on one channel: most rounds`, Math.max(...rounds), "", "≤ 2"));
  say(`  ${times} floods: ${rounds.join(", ")} rounds`);
}
