import { benchIdle, benchImport, benchRequests } from "./bench/import-bench";
import { load } from "./bench/measure";
import { openWorld } from "./bench/world";
import { say } from "./lib/output";
import { runMain } from "./lib/run-main";

/** The figures of docs/developer/performance.md, in one run on one PostgreSQL. Takes about two minutes. */
runMain(async () => {
  const world = await openWorld();
  try {
    say(`load before: ${load()}\n${"".padEnd(46)}     min     p50     p99`);
    await benchImport(world, 1_000, 15);
    await benchImport(world, 10_000, 9);
    await benchIdle(world, 300);
    await benchRequests(world);
    say(`load after: ${load()}`);
  } finally {
    await world.stop();
  }
  return 0;
});
