import { apiKeyCreate } from "./api-key";
import type { Command } from "./command";
import { doctor } from "./doctor";
import { integrationsList } from "./integrations";
import { job } from "./job";
import { keysRotate } from "./keys";
import { sync } from "./sync";
import { userCreate } from "./user";

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  userCreate,
  apiKeyCreate,
  integrationsList,
  sync,
  job,
  keysRotate,
  doctor,
];
