import { setTimeout as sleep } from "node:timers/promises";
import { say } from "../lib/output";
import type { AppWorld } from "./app-world";
import { openFloorApp } from "./floor-app";
import { figures, line, ratio, single } from "./measure";
import { benchBurst, benchFlood, counted } from "./push-burst";
import { accepted, cpuOf, openApp, type Shown } from "./push-target";
import { change, connectFleet, type Subject, stopNotifying } from "./vendor-world";

const PER_SECOND = 20;
/** As many messages of a vendor's are on their way at once; the stand-in sends that many. */
const AT_ONCE = 32;
/** Looking costs the app as well: the longer a change takes, the less often it is looked for. */
const POLL_MS = 4;
const POLL_SHARE = 0.1;

interface Told {
  visible: number[];
  answers: number[];
  /** Milliseconds of the app for each change, whoever looks for it included. */
  cpuMs: number;
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
  await steady(world, app, fleet, slots, 5);
  const before = await floor(world, fleet, slots, Math.min(seconds, 10));
  const spread = await steady(world, app, fleet, slots, seconds);
  report(`20/s over ${fleet.length} calendars, ${seconds} s`, spread);
  say(ratio("  visible / floor (p50)", figures(spread.visible).p50 / figures(before.visible).p50));
  await counted(world, [lone], async () => {
    const one = await steady(world, app, [lone], slots, seconds);
    report(`20/s on one calendar, ${seconds} s`, one);
    return one.visible.length;
  });
  await benchBurst(world, app, fleet, slots, `, ${AT_ONCE} at once`, AT_ONCE);
  await benchBurst(world, app, fleet, slots, ", all at once");
  await benchBurst(world, app, [lone], slots, " on one calendar", AT_ONCE);
  await benchFlood(world, app, lone, 5);
  stopNotifying();
}

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
  const told: Told = { visible: [], answers: [], cpuMs: Number.NaN };
  const used = cpuOf(world);
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
  return { ...told, cpuMs: (1_000 * (cpuOf(world) - used)) / all.length };
}

function report(what: string, { visible, answers, cpuMs }: Told): void {
  say(line(what, figures(visible), "goal p50 ≤ 50, p99 ≤ 500"));
  say(line("  answer to the message", figures(answers), "goal p99 ≤ 250"));
  say(single("  processor time of the app for each", cpuMs, "ms"));
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
