import { resolve } from "node:path";
import { lightenPages } from "./build/lighten-pages";
import { say } from "./lib/output";
import { root } from "./lib/paths";
import { runMain } from "./lib/run-main";

/** The second half of `npm run build`. */
runMain(async () => {
  for (const page of lightenPages(resolve(root, ".next"))) say(`Without a runtime: ${page}`);
  return 0;
});
