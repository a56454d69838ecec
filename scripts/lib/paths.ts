import { resolve } from "node:path";

/** The checkout. */
export const root = resolve(import.meta.dirname, "../..");

/** Where everything lives that must survive a restart and never belongs into git. */
export const dataDirectory = resolve(root, ".data");
