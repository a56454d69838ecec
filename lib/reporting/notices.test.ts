import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NOTIFICATION_KINDS, notifications } from "@/db/schema/notifications";
import { users } from "@/db/schema/users";
import { SYNC_ERROR_KINDS } from "@/lib/calendar/calendar-state";
import { type Notice, notify, resolveNotice } from "@/lib/organizations/notify";
import { markAllNoticesRead } from "@/lib/organizations/read-notices";
import { newId } from "@/lib/platform/ids";
import { expireData } from "@/lib/privacy/expire-data";
import { NOTICE_KINDS } from "@/lib/reporting/notice-words";
import { countUnread, listNotifications } from "@/lib/reporting/notices";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createPerson, type Person } from "@/tests/support/factories";

const NOW = new Date("2026-11-23T09:00:00.000Z");
const DAY_MS = 86_400_000;
let database: TestDatabase;
let person: Person;
beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  person = await createPerson(database.db, { now: NOW });
});
afterAll(() => database.drop());

const ctx = () => person.ctx(NOW);
const tell = (notice: Omit<Notice, "userId">) =>
  database.db.transaction((tx) => notify(tx, { userId: person.userId, ...notice }, NOW));
const list = async (locale?: string) =>
  (await listNotifications(ctx(), locale === undefined ? {} : { locale }, { limit: 200, cursor: null })).data;

const id = newId(NOW);
const google = { provider: "google", account: "zoe@example.test" };
const integration = { type: "integration", id } as const;
const installation = (key: string) => ({ type: "installation", id: key }) as const;

/** One of each kind and of each of its causes. */
const NOTICES: Omit<Notice, "userId" | "dedupeKey">[] = [
  ...["revoked", "expired", "insufficient_scopes", "admin_policy", "key_missing"].map((reason) => ({
    ...{ kind: "reconnect_required" as const, subject: integration, params: { ...google, reason } },
  })),
  ...SYNC_ERROR_KINDS.flatMap((code) => [
    { kind: "sync_failing" as const, subject: integration, params: { ...google, code, calendar: "Work" } },
    { kind: "export_failed" as const, subject: integration, params: { ...google, code } },
  ]),
  {
    kind: "export_failed",
    subject: { type: "booking", id },
    params: { ...google, code: "invalid_request", service: "Visit", start: "2026-11-24T23:30:00.000Z" },
  },
  {
    kind: "bulk_change_held",
    subject: { type: "bulk_change", id },
    params: { calendar: "Work", gone: 41, moved: 1 },
  },
  ...["schedule_stopped", "job_failing", "budget_short"].map((trouble) => ({
    kind: "operator" as const,
    subject: installation(trouble),
    params: {
      trouble,
      job: "sync-tick",
      failures: 4,
      provider: "google",
      requests: 900_000,
      budget: 1_000_000,
    },
  })),
];

describe("what a notice says", () => {
  beforeEach(async () => {
    for (const [index, notice] of NOTICES.entries()) await tell({ ...notice, dedupeKey: `n${index}` });
  });

  it.each(["en", "fr"])("has words for every kind and cause, complete in %s", async (locale) => {
    const told = await list(locale);
    expect(told).toHaveLength(NOTICES.length);
    for (const { kind, title, body, action } of told) {
      for (const text of [title, body, action.label]) {
        expect(text, kind).toMatch(/\S/);
        expect(text, kind).not.toMatch(
          /notifications\.|[{}]|undefined|NaN|reference below|référence ci-dessous/,
        );
      }
      expect(action.href).toMatch(/^\/[a-z]/);
    }
  });

  it("leads to where it is dealt with", async () => {
    const hrefs = new Map(
      (await list()).map(({ kind, subject, action }) => [`${kind} ${subject.type}`, action.href]),
    );
    expect(hrefs.get("reconnect_required integration")).toBe(
      `/api/integrations/google/connect?returnTo=%2Fintegrations&integrationId=${id}`,
    );
    expect(hrefs.get("export_failed booking")).toBe(`/bookings/${id}`);
    expect(hrefs.get("bulk_change_held bulk_change")).toBe(`/integrations/changes/${id}`);
    expect(hrefs.get("operator installation")).toBe("/notifications#installation");
  });

  it("counts and dates as its reader does", async () => {
    await database.db.update(users).set({ locale: "fr" }).where(eq(users.id, person.userId));
    const told = await list();
    const words = (kind: string) =>
      told.filter((one) => one.kind === kind).map(({ title, body }) => title + body);
    expect(words("bulk_change_held")[0]).toContain("41 événements ont disparu, 1 a été déplacé");
    expect(words("operator").join()).toContain("900\u202f000 sur 1\u202f000\u202f000");
    expect(words("export_failed").join()).toContain("25 novembre 2026");
  });
});

it("kinds that nobody tells of have no words, and are neither listed nor counted", async () => {
  const silent = NOTIFICATION_KINDS.filter((kind) => !NOTICE_KINDS.some((told) => told === kind));
  expect(silent).toEqual(["conflict_detected", "blocked_by_policy"]);
  for (const kind of silent) await tell({ kind, subject: integration, dedupeKey: kind });
  expect([await list(), await countUnread(ctx())]).toEqual([[], 0]);
});

it("the bell counts what is neither read nor over, for its owner alone", async () => {
  const notice = NOTICES[0];
  if (notice === undefined) throw new Error("there is no notice");
  for (const dedupeKey of ["a", "b", "c"]) await tell({ ...notice, dedupeKey });
  const other = await createPerson(database.db);
  expect([await countUnread(ctx()), await countUnread(other.ctx(NOW))]).toEqual([3, 0]);
  await database.db.transaction((tx) => resolveNotice(tx, person.userId, "a", NOW));
  expect(await countUnread(ctx())).toBe(2);
  await markAllNoticesRead(other.ctx(NOW));
  expect(await countUnread(ctx())).toBe(2);
  await markAllNoticesRead(ctx());
  expect(await countUnread(ctx())).toBe(0);
});

it("what is over goes after ninety days, what is open stays, and all goes with its person", async () => {
  const notice = { kind: "sync_failing", subject: integration, params: google } as const;
  await tell({ ...notice, dedupeKey: "over" });
  await tell({ ...notice, dedupeKey: "open" });
  await database.db.transaction((tx) => resolveNotice(tx, person.userId, "over", NOW));
  await expireData(database.db, new Date(NOW.getTime() + 90 * DAY_MS));
  expect(await list()).toHaveLength(2);
  await expireData(database.db, new Date(NOW.getTime() + 91 * DAY_MS));
  expect(await list()).toMatchObject([{ resolvedAt: null }]);
  await database.db.delete(users).where(eq(users.id, person.userId));
  expect(await database.db.$count(notifications, eq(notifications.userId, person.userId))).toBe(0);
});
