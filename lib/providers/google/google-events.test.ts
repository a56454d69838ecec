import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exportKey } from "@/lib/calendar/export-key";
import { contentHash, shapeHash } from "@/lib/calendar/shape-hash";
import type { EventDraft } from "@/lib/providers/event-writer";
import type { ProviderErrorKind } from "@/lib/providers/provider-error";
import { PARIS } from "@/tests/support/factories";
import { type GoogleBench, openGoogle } from "@/tests/support/google";

let google: GoogleBench;
beforeAll(async () => {
  google = await openGoogle();
});
afterAll(() => google[Symbol.asyncDispose]());

let account: { email: string; accessToken: string };
let calendar: { externalId: string; timeZone: typeof PARIS };
let serial = 0;
beforeEach(() => {
  serial += 1;
  account = google.account(`writer-${serial}@example.test`);
  calendar = { externalId: account.email, timeZone: PARIS };
  google.sandbox.faults.disarm();
  for (const name of ["reviveForbidden", "spuriousPreconditions", "writesPerHour"]) {
    google.set(name, name === "writesPerHour" ? 10_000 : name === "reviveForbidden" ? false : 0);
  }
});

const key = (generation = 0) =>
  exportKey({
    installation: "https://entente.example",
    bookingId: `b${serial}`,
    provider: "google",
    calendarExternalId: account.email,
    generation,
  });

function draft(change: Partial<EventDraft> = {}): EventDraft {
  const made = {
    title: "Appointment: Massage – Ada",
    start: new Date("2026-11-24T10:00:00.000Z"),
    end: new Date("2026-11-24T11:00:00.000Z"),
    timeZone: PARIS,
    location: "1 rue de la Paix" as string | null,
    description: "Client: Ada",
    bookingMarker: `b${serial}`,
    link: "https://entente.example/bookings/1",
    ...change,
  };
  const at = (instant: Date) => ({ kind: "instant", at: instant, zone: null }) as const;
  const shape = { title: made.title, location: made.location, start: at(made.start), end: at(made.end) };
  return { stamp: contentHash(shape, made.description), ...made };
}

const events = () => google.provider.events;
const create = (change: Partial<EventDraft> = {}) => events().create(account, calendar, key(), draft(change));
const find = (externalId: string | null = key()) =>
  events().find(account, calendar, { externalId, key: key() });
const update = (etag: string | null, change: Partial<EventDraft> = {}, restore = false) =>
  events().update(account, calendar, key(), draft(change), { etag, restore });
const remove = (etag: string | null = null) => events().remove(account, calendar, key(), { etag });
/** As Google's own interface shows it to a stranger's client. */
async function raw(): Promise<Record<string, unknown>> {
  const [origin] = google.origins.values();
  const headers = { authorization: `Bearer ${account.accessToken}` };
  const url = `${origin}/calendar/v3/calendars/${account.email}/events/${key()}`;
  return (await (await fetch(url, { headers })).json()) as Record<string, unknown>;
}
const rejects = async (call: Promise<unknown>, kind: ProviderErrorKind) =>
  expect(call).rejects.toMatchObject({ name: "ProviderError", kind });
const person = (act: string, body: object = {}) =>
  google.act(`events/${act}`, { account: account.email, eventId: key(), ...body });

describe("writing an event to Google", () => {
  it("makes it under the id it is given, busy, with our mark and a way back, and no guests", async () => {
    const made = await create();
    expect(made).toMatchObject({
      externalId: key(),
      title: "Appointment: Massage – Ada",
      location: "1 rue de la Paix",
      showAs: "busy",
      attendees: [],
      bookingMarker: `b${serial}`,
    });
    expect(made.etag).toBeTruthy();
    expect(made.updatedAt).toBeInstanceOf(Date);
    expect(await raw()).toMatchObject({
      description: "Client: Ada",
      source: { title: "Appointment: Massage – Ada", url: "https://entente.example/bookings/1" },
    });
    expect(await raw()).not.toHaveProperty("attendees");
    const inserts = google.sandbox.ledger.recent({ operation: (name) => name === "calendar.events.insert" });
    expect(inserts[0]?.query).toContain("sendUpdates=none");
  });

  it("comes back from a look as it was written, with its stamp", async () => {
    const made = await create();
    const found = await find();
    expect(found).toMatchObject({ status: "live", description: "Client: Ada", recurring: false });
    if (found?.status !== "live") throw new Error("not live");
    expect(found.stamp).toBe(draft().stamp);
    expect(contentHash(found.event, found.description)).toBe(found.stamp);
    expect(shapeHash(found.event)).toBe(shapeHash(made));
    expect(found.event.etag).toBe(made.etag);
  });

  it("names no way back that is no web address", async () => {
    await create({ link: "entente:bookings/1" });
    expect(await raw()).not.toHaveProperty("source");
  });

  it("changes what we write and leaves alone what its owner added", async () => {
    const { etag } = await create();
    await person("edit", { change: { colorId: "5", transparency: "transparent" } });
    await rejects(update(etag, { title: "Other" }), "precondition_failed");
    const found = await find();
    if (found?.status !== "live") throw new Error("not live");
    expect(contentHash(found.event, found.description)).toBe(found.stamp);
    const later = new Date("2026-11-25T10:00:00.000Z");
    const end = new Date("2026-11-25T11:00:00.000Z");
    const after = await update(found.event.etag, { start: later, end, location: null });
    expect(after).toMatchObject({ location: null, start: { at: later }, end: { at: end } });
    expect(await raw()).toMatchObject({
      colorId: "5",
      transparency: "transparent",
      description: "Client: Ada",
    });
  });

  it("makes a whole day of its owner's an hour again, and a series one event", async () => {
    await create();
    const change = {
      start: { date: "2026-12-01" },
      end: { date: "2026-12-02" },
      recurrence: ["RRULE:FREQ=DAILY"],
    };
    await person("edit", { change, scope: "all" });
    expect(await find()).toMatchObject({
      status: "live",
      recurring: true,
      event: { start: { kind: "day" } },
    });
    expect(await update(null, {}, true)).toMatchObject({ start: { kind: "instant", at: draft().start } });
    expect(await find()).toMatchObject({ status: "live", recurring: false });
  });

  it("tells a taken id, live or deleted, from everything else", async () => {
    await create();
    await rejects(create(), "duplicate");
    await remove();
    await rejects(create(), "duplicate");
    expect(await find()).toEqual({ status: "deleted", externalId: key() });
  });

  it("brings a deleted event back, or says that it may not", async () => {
    await create();
    await remove();
    google.set("reviveForbidden", true);
    await rejects(update(null, {}, true), "permission_denied");
    google.set("reviveForbidden", false);
    expect(await update(null, {}, true)).toMatchObject({ externalId: key(), title: draft().title });
    expect(await find()).toMatchObject({ status: "live" });
  });

  it("never takes a patched tombstone for a living event", async () => {
    await create();
    await person("delete");
    await rejects(update(null), "gone");
  });

  it("removes once; what is gone is told apart from what never was", async () => {
    const { etag } = await create();
    await rejects(remove('"stale"'), "precondition_failed");
    await remove(etag);
    await rejects(remove(), "gone");
    await rejects(events().remove(account, calendar, key(7), { etag: null }), "not_found");
    await rejects(events().update(account, calendar, key(7), draft(), { etag: null }), "not_found");
  });

  it("tells an unknown event from a calendar that is gone", async () => {
    expect(await find(key(9))).toBeNull();
    await rejects(
      events().find(
        account,
        { ...calendar, externalId: "nowhere@group.calendar.example.test" },
        { externalId: null, key: key() },
      ),
      "not_found",
    );
  });

  it("takes a 412 without a condition of ours for a bad moment", async () => {
    google.sandbox.faults.arm({ operation: "calendar.events.insert", kind: "precondition_failed" });
    await rejects(create(), "transient");
    const { etag } = await create();
    google.set("spuriousPreconditions", 2);
    await rejects(update(null), "transient");
    await rejects(remove(), "transient");
    await update(etag, { title: "Other" });
  });

  it.each([
    ["quota_exceeded", "quota_exhausted"],
    ["user_rate_limit_exceeded", "rate_limited"],
    ["insufficient_permissions", "scope_missing"],
    ["auth_error", "access_token_rejected"],
    ["internal_error", "transient"],
    ["reset_before", "transient"],
    ["html_ok", "malformed_response"],
  ] as const)("answers %s with %s", async (kind, expected) => {
    google.sandbox.faults.arm({ operation: "calendar.events.insert", kind });
    await rejects(create(), expected);
  });

  it("may not write where it may only read", async () => {
    const owner = google.account(`owner-${serial}@example.test`);
    await google.act("calendars/share", {
      account: owner.email,
      calendarId: owner.email,
      with: account.email,
      role: "reader",
    });
    const shared = { externalId: owner.email, timeZone: PARIS };
    await rejects(events().create(account, shared, key(), draft()), "permission_denied");
  });
});
