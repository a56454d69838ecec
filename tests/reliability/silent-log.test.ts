import { eq, sql } from "drizzle-orm";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { calendarConnections } from "@/db/schema/connections";
import { withProviderTime } from "@/db/transaction";
import { JOBS } from "@/inngest/jobs";
import { performOutbox } from "@/inngest/perform-outbox";
import { disconnect } from "@/lib/connections/disconnect";
import { planExports } from "@/lib/connections/plan-exports";
import { requestSync } from "@/lib/connections/request-sync";
import { log } from "@/lib/platform/log";
import { diagnose } from "@/lib/reporting/diagnose";
import type { FaultKind } from "@/sandbox/core/faults";
import { createBookingRow, createServiceRow } from "@/tests/support/booking-factories";
import { MINUTE_MS, pushWorld } from "@/tests/support/push-world";

/** What people write and are called. None of it may be in a line of the log, whatever goes wrong. */
const PLANTED = {
  title: "Zwiebelkuchen with Dr. Quince",
  place: "Obscure Lane 42",
  description: "bring the x-rays of the left knee",
  guest: "guest-quince@example.test",
  calendar: "Oncology rounds",
  renamed: "Cardiology rounds",
  service: "Wart removal",
  client: "Bartholomew Fig",
  clientEmail: "bartholomew@example.test",
  phone: "+33 6 98 76 54 32",
  address: "7 rue des Figues",
  instructions: "the door code is 4711",
};

const FAULTS: FaultKind[] = [
  "unavailable",
  "bad_gateway",
  "truncated_json",
  "html_ok",
  "user_rate_limit_exceeded",
  "auth_error",
  "reset_after",
];

const world = pushWorld();
const lines: string[] = [];

/** Every line as it would be written: after redaction, at every level. */
beforeAll(() => {
  const { level } = log;
  const stream = (log as unknown as Record<symbol, { write(line: string): void }>)[pino.symbols.streamSym];
  if (stream === undefined) throw new Error("the log writes nowhere");
  log.level = "trace";
  vi.spyOn(stream, "write").mockImplementation((line) => void lines.push(line));
  return () => {
    log.level = level;
  };
});
afterAll(() => vi.restoreAllMocks());

const fault = (operation: string, kind: FaultKind) =>
  world.google.sandbox.faults.arm({ operation, account: world.account.email, kind, count: 2 });

async function event(): Promise<void> {
  const at = (hours: number) => ({
    dateTime: new Date(world.clock.now().getTime() + hours * 3_600_000).toISOString(),
  });
  await world.google.act("events/create", {
    account: world.account.email,
    event: {
      summary: PLANTED.title,
      location: PLANTED.place,
      description: PLANTED.description,
      attendees: [{ email: PLANTED.guest }],
      start: at(5),
      end: at(6),
    },
  });
}

async function booked(hours: number): Promise<void> {
  const { db } = world.database;
  const service = await createServiceRow(db, world.person.userId, {
    name: PLANTED.service,
    location: PLANTED.place,
  });
  const startsAt = new Date(world.clock.now().getTime() + hours * 3_600_000);
  const endsAt = new Date(startsAt.getTime() + 3_600_000);
  const id = await createBookingRow(db, service, {
    startsAt,
    endsAt,
    clientName: PLANTED.client,
    clientEmail: PLANTED.clientEmail,
    clientPhone: PLANTED.phone,
    address: PLANTED.address,
    instructions: PLANTED.instructions,
  });
  await withProviderTime(db, world.person.userId, (tx) =>
    planExports(tx, { userId: world.person.userId, bookingIds: [id], touch: true }, world.clock.now()),
  );
}

/** Read, pushed, written, renamed, refused, forged, failed in every way, and left. */
async function wholeLife(): Promise<string[]> {
  const secrets = [world.account.accessToken, world.account.refreshToken];
  const { services, person, connectionId, database } = world;
  const ctx = () => person.ctx(world.clock.now());
  world.server.before = async ({ headers }) => void secrets.push(String(headers["x-goog-channel-token"]));
  await database.db
    .update(calendarConnections)
    .set({ targetCalendarId: world.calendarId })
    .where(eq(calendarConnections.id, connectionId));
  const { id: second } = await world.google.act<{ id: string }>("calendars/create", {
    account: world.account.email,
    summary: PLANTED.calendar,
  });
  await world.renew();
  await world.deliver();
  await event();
  await world.deliver();
  await world.google.act("calendars/change", {
    account: world.account.email,
    calendarId: second,
    summary: PLANTED.renamed,
  });
  await world.deliver();
  await booked(30);
  await JOBS["export-pending"](services);
  for (const [n, kind] of FAULTS.entries()) {
    for (const operation of ["calendar.events.*", "calendar.calendarList.*", "oauth.token.refresh"])
      fault(operation, kind);
    await event();
    await booked(40 + n);
    world.pass(6 * MINUTE_MS);
    for (const job of ["sync-tick", "export-pending", "refresh-calendars", "renew-watches"] as const)
      await JOBS[job](services);
    await diagnose(services, ctx(), connectionId);
    world.google.sandbox.faults.disarm();
  }
  const guess = { "x-goog-channel-id": "x", "x-goog-channel-token": secrets.at(-1) ?? "" };
  await fetch(`${world.server.origin}/api/webhooks/google`, { method: "POST", headers: guess });
  // Even where the database refuses a statement with such values.
  await database.db.execute(sql`alter table calendar_sync_events add check (title is null) not valid`);
  await event();
  world.pass(30 * MINUTE_MS);
  await requestSync(services, ctx(), connectionId);
  await performOutbox(services);
  await JOBS.watchdog(services);
  await disconnect(services, ctx(), connectionId);
  await performOutbox(services);
  return secrets;
}

it("a whole life of a connection leaves no title, address, name or token in the log", async () => {
  const secrets = await wholeLife();
  const text = lines.join("");
  for (const mark of ['"run":"sync"', '"run":"export"', '"webhook":"google"', '"watch":"made"', '"err"'])
    expect(text).toContain(mark);
  for (const status of ["succeeded", "failed"]) expect(text).toContain(`"status":"${status}"`);
  expect(text).toContain("violates check constraint");
  const forbidden = [...Object.values(PLANTED), ...secrets, world.account.email, "SECRET-", "Bearer "];
  expect(forbidden.filter((secret) => secret === "" || text.includes(secret))).toEqual([]);
});
