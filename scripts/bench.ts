import { openAppWorld } from "./bench/app-world";
import { benchExport, benchHttpContention } from "./bench/booking-bench";
import { benchContention } from "./bench/contention-bench";
import { benchIdle, benchImport, benchRequests } from "./bench/import-bench";
import { load } from "./bench/measure";
import { benchSlots } from "./bench/slots-bench";
import { openWorld } from "./bench/world";
import { say } from "./lib/output";
import { runMain } from "./lib/run-main";

/** The figures of docs/developer/performance.md, in one run. `-- engine` or `-- bookings` runs a half of it. */
runMain(async () => {
  const [only] = process.argv.slice(2);
  say(`load before: ${load()}\n${"".padEnd(46)}     min     p50     p99`);
  if (only !== "bookings") await engine();
  if (only !== "engine") await bookings();
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
