import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { OperatorError } from "../lib/operator-error";

/** Pages whose links and forms are the browser's own, so that nothing of them waits for a script. */
const LIGHT = /^\/book(?:ing)?\//;

const STUB = "static/chunks/no-runtime.js";

const manifestSchema = z.looseObject({
  rootMainFiles: z.array(z.string()).min(1),
  rootMainFilesTree: z.record(z.string(), z.array(z.string())),
  pagesChunkGroupBootstrapParams: z.record(z.string(), z.unknown()),
});

/**
 * Takes React's and Next's browser runtime (136 kB compressed) off the pages a client sees, in a finished build.
 * Next starts a page with the files `rootMainFilesTree` names for it, else with those every page has; it insists on
 * one. Error pages keep the runtime, because Next draws those in the browser. Throws when a build looks different.
 */
export function lightenPages(build: string): string[] {
  const path = join(build, "build-manifest.json");
  const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) {
    throw new OperatorError(
      "Next's build manifest has another shape; see docs/adr/0012-pages-without-a-runtime.md.",
    );
  }
  const manifest = parsed.data;
  const light = Object.keys(manifest.pagesChunkGroupBootstrapParams).filter((page) => LIGHT.test(page));
  for (const page of light) {
    manifest.rootMainFilesTree[page] = [STUB];
    delete manifest.pagesChunkGroupBootstrapParams[page];
  }
  writeFileSync(join(build, STUB), "/* This page does without a runtime. */\n");
  writeFileSync(path, JSON.stringify(manifest, null, 2));
  return light;
}
