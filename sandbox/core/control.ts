import type { Core, Routes, SandboxContext } from "./context";
import { FAULT_KINDS, type FaultKind, type FaultOrder, matchesOperation } from "./faults";
import { type JsonObject, optionalNumber, optionalText, readJson, refusal, text } from "./json-body";
import type { LedgerFilter } from "./ledger";
import type { SwitchValue } from "./switches";

const API = "/sandbox/api";

/** Throws in production: the sandbox forges identities. `demo` says that it is meant. */
export function refuseInProduction(demo: boolean): void {
  if (process.env.NODE_ENV !== "production" || demo) return;
  throw new Error("The sandbox does not run with NODE_ENV=production (only --demo allows it)");
}

/** Clock, switches, faults, ledger and reset over JSON. */
export function addControlRoutes(routes: Routes, core: Core, reset: () => void): void {
  routes.control("GET", `${API}/state`, () => Response.json(stateOf(core)));
  routes.control("POST", `${API}/reset`, () => {
    reset();
    return Response.json({ ok: true });
  });
  addClockRoutes(routes, core);
  addSwitchRoutes(routes, core);
  addFaultRoutes(routes, core);
  addLedgerRoutes(routes, core);
}

function stateOf(core: Core) {
  return {
    now: core.clock.now(),
    clockOffsetMs: core.clock.offset(),
    faults: core.faults.list(),
    ...core.ledger.counts(),
  };
}

function addClockRoutes(routes: Routes, { clock }: Core): void {
  const answer = () => Response.json({ now: clock.now(), offsetMs: clock.offset() });
  routes.control("GET", `${API}/clock`, answer);
  routes.control("POST", `${API}/clock`, async (c) => {
    moveClock(clock, await readJson(c));
    return answer();
  });
}

/** `{ advanceMs }`, `{ set: instant }` or `{ reset: true }`. */
export function moveClock(clock: Core["clock"], body: JsonObject): void {
  const advance = optionalNumber(body, "advanceMs");
  const set = optionalText(body, "set");
  if (body.reset === true) clock.reset();
  else if (advance !== undefined) clock.advance(advance);
  else if (set !== undefined && !Number.isNaN(Date.parse(set))) clock.set(new Date(set));
  else throw refusal("Give advanceMs, set (an instant) or reset");
}

function addSwitchRoutes(routes: Routes, { switches }: Core): void {
  const answer = () => Response.json({ switches: switches.list() });
  routes.control("GET", `${API}/switches`, answer);
  routes.control("POST", `${API}/switches`, async (c) => {
    for (const [name, value] of Object.entries(await readJson(c))) switches.set(name, value as SwitchValue);
    return answer();
  });
  routes.control("DELETE", `${API}/switches`, (c) => {
    switches.reset(c.req.query("name"));
    return answer();
  });
}

function addFaultRoutes(routes: Routes, { faults }: Core): void {
  const answer = () => Response.json({ faults: faults.list() });
  routes.control("GET", `${API}/faults`, () => Response.json({ faults: faults.list(), kinds: FAULT_KINDS }));
  routes.control("POST", `${API}/faults`, async (c) =>
    Response.json(faults.arm(readFault(await readJson(c)))),
  );
  routes.control("DELETE", `${API}/faults`, (c) => {
    faults.disarm(c.req.query("id"));
    return answer();
  });
}

export function readFault(body: JsonObject): FaultOrder {
  const kind = text(body, "kind");
  if (!Object.hasOwn(FAULT_KINDS, kind)) throw refusal(`There is no fault of kind ${kind}`);
  const retryAfter = typeof body.retryAfter === "number" ? body.retryAfter : optionalText(body, "retryAfter");
  return {
    operation: text(body, "operation"),
    kind: kind as FaultKind,
    account: optionalText(body, "account"),
    onCall: optionalNumber(body, "onCall"),
    count: optionalNumber(body, "count"),
    delayMs: optionalNumber(body, "delayMs"),
    percentage: optionalNumber(body, "percentage"),
    seed: optionalNumber(body, "seed"),
    retryAfter,
  };
}

function addLedgerRoutes(routes: Routes, { ledger }: Core): void {
  routes.control("GET", `${API}/requests`, (c) =>
    Response.json({ requests: ledger.recent(ledgerFilter(c)) }),
  );
  routes.control("GET", `${API}/counters`, () => Response.json(ledger.counts()));
  routes.control("DELETE", `${API}/requests`, () => {
    ledger.reset();
    return Response.json({ ok: true });
  });
}

/** `operation` (with `*`), `account`, `status`, `after` (sequence number) and `limit` of the query. */
export function ledgerFilter(c: SandboxContext): LedgerFilter {
  const { operation, account, status, after, limit } = c.req.query();
  return {
    ...(operation && { operation: (name: string) => matchesOperation(operation, name) }),
    ...(account && { account }),
    ...(status && { status: Number(status) }),
    ...(after && { afterSequence: Number(after) }),
    limit: limit ? Number(limit) : 200,
  };
}
