import type { BrowserContext } from "@playwright/test";

/** What a browser did behind the page's back during one test. */
export interface Guard {
  /** Hosts anything was asked of. */
  hosts: Set<string>;
  /** Console errors, uncaught errors and violations of the content security policy. */
  complaints: string[];
  /** A complaint this test causes on purpose. */
  allow(complaint: RegExp): void;
  unexpected(): string[];
  watch(context: BrowserContext): Promise<void>;
}

const REPORT = "reportPolicyViolation";

// The listener below is set up in a popup's first, empty document too, and Chromium may drop that while it opens.
const OF_OUR_OWN = /Failed to execute 'open' on 'Window': The provided callback is no longer runnable/;

export function createGuard(): Guard {
  const hosts = new Set<string>();
  const complaints: string[] = [];
  const allowed: RegExp[] = [OF_OUR_OWN];
  return {
    hosts,
    complaints,
    allow: (complaint) => allowed.push(complaint),
    unexpected: () => complaints.filter((text) => !allowed.some((complaint) => complaint.test(text))),
    watch: async (context) => {
      await context.exposeFunction(REPORT, (violation: string) => complaints.push(violation));
      await context.addInitScript((report) => {
        document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
          const tell = (window as unknown as Record<string, (text: string) => void>)[report];
          tell?.(`policy violated: ${violatedDirective} ${blockedURI}`);
        });
      }, REPORT);
      context.on("request", (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (protocol.startsWith("http")) hosts.add(hostname);
      });
      context.on("console", (message) => {
        if (message.type() === "error") complaints.push(`${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (error) => complaints.push(String(error.error())));
    },
  };
}
