import { Inngest } from "inngest";
import { WordlessErrors } from "@/inngest/wordless-errors";
import type { Env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";

const ID = "entente";

/** Talks to the engine in this process: its `fetch` is where the SDK's calls to a server end. */
export function createEmbeddedClient(fetch: typeof globalThis.fetch): Inngest {
  return new Inngest({ id: ID, isDev: true, baseUrl: "http://embedded.local", fetch });
}

/** Talks to an Inngest server: the cloud, a self-hosted one, or a developer's. */
export function createServerClient(env: Env): Inngest {
  return new Inngest({
    id: ID,
    isDev: env.INNGEST_DEV,
    logger: log,
    middleware: [WordlessErrors],
    ...(env.INNGEST_EVENT_KEY === undefined ? {} : { eventKey: env.INNGEST_EVENT_KEY }),
    ...(env.INNGEST_SIGNING_KEY === undefined ? {} : { signingKey: env.INNGEST_SIGNING_KEY }),
    ...(env.INNGEST_BASE_URL === undefined ? {} : { baseUrl: env.INNGEST_BASE_URL }),
  });
}
