import type { Database } from "@/db/client";
import type { RequestLedger } from "@/lib/connections/request-ledger";
import type { Clock } from "@/lib/platform/clock";
import type { MailTransport } from "@/lib/platform/mail";
import type { OriginMap } from "@/lib/platform/origins";
import type { MasterKey } from "@/lib/platform/secrets";
import type { Providers } from "@/lib/providers/registry";

/** What verbs that reach outside need beside the caller's context. Made once per process, passed in by tests. */
export interface Services {
  db: Database;
  clock: Clock;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  providers: Providers;
  masterKeys: readonly MasterKey[];
  /** Where browsers and vendors reach this installation. */
  appOrigin: string;
  origins: OriginMap;
  /** Null without `SMTP_URL`: mails are owed and wait. */
  mail: MailTransport | null;
  /** Since when this process runs the schedule; absent where it does not. A silence from before proves nothing. */
  startedAt?: Date;
  /** Keeps account of what vendors are asked. */
  requests: RequestLedger;
}
