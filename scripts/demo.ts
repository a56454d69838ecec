import { runDemo } from "./demo/run";
import { runMain } from "./lib/run-main";

runMain(() => runDemo("start"));
