import { startPostgres } from "./launcher";

/** Starts a server and stays, for the test that kills it. */
startPostgres({ state: process.argv[2] ?? "", durable: false }).then(() => {
  process.stdout.write("ready\n");
  setInterval(() => undefined, 60_000);
});
