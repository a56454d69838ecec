import { parseArgs } from "node:util";
import { openAppWorld } from "./bench/app-world";
import { benchExport, benchHttpContention } from "./bench/booking-bench";
import { benchContention } from "./bench/contention-bench";
import { benchFleet } from "./bench/fleet-bench";
import { benchIdle, benchImport, benchRequests } from "./bench/import-bench";
import { load } from "./bench/measure";
import { benchPush } from "./bench/push-bench";
import { benchSlots } from "./bench/slots-bench";
import { openWorld } from "./bench/world";
import { OperatorError } from "./lib/operator-error";
import { say } from "./lib/output";
import { runMain } from "./lib/run-main";

const PARTS = { engine, bookings, push, fleet };

/** The figures of docs/developer/performance.md, in one run. `-- engine`, `bookings`, `push` or `fleet` runs a part of it; `--quick` less of it. */
runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false } },
  });
  const wanted = positionals.length === 0 ? Object.keys(PARTS) : positionals;
  const unknown = wanted.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined)
    throw new OperatorError(`There is no part "${unknown}". One of: ${Object.keys(PARTS).join(", ")}.`);
  say(`load before: ${load()}\n${"".padEnd(46)}     min     p50     p95     p99`);
  for (const [name, part] of Object.entries(PARTS)) {
    if (wanted.includes(name)) await part(values.quick);
  }
  say(`load after: ${load()}`);
  return 0;
});

/** Import and idle rounds beside their floor, on one durable PostgreSQL. */
async function engine(): Promise<void> {
  const world = await openWorld();
  try {
    await benchImport(world, 1_000, 15);
    await benchImport(world, 10_000, 9);
    await benchIdle(world, 300);
    await benchRequests(world);
    await benchContention(world, 1_000);
  } finally {
    await world.stop();
  }
}

/** Slots, contention and export through the built app over HTTP. */
async function bookings(): Promise<void> {
  const world = await openAppWorld();
  try {
    await benchSlots(world, 500, 500);
    await benchSlots(world, 5_000, 500);
    await benchHttpContention(world, 30);
    await benchExport(world, 50);
  } finally {
    await world.stop();
  }
}

/** A vendor's messages, from their arrival to what the API shows. */
async function push(quick: boolean): Promise<void> {
  const world = await openAppWorld();
  try {
    await benchPush(world, quick ? 10 : 60);
  } finally {
    await world.stop();
  }
}

/** Many connections with nothing new, and what failing requests cost. */
async function fleet(quick: boolean): Promise<void> {
  const world = await openAppWorld();
  try {
    await benchFleet(world, quick ? 100 : 1_000, 12);
  } finally {
    await world.stop();
  }
}
