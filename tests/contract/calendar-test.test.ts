import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { performOutbox } from "@/inngest/perform-outbox";
import { apiWorld, expectProblem, json } from "./api-world";
import { importMain } from "./samples";

const world = apiWorld();

async function tested() {
  const person = await world.caller();
  const connection = await world.connect(person);
  const path = `/integrations/${connection.id}/calendars/${connection.calendarId}/test`;
  return { person, connection, path, key: person.key };
}

const work = async () => {
  while ((await performOutbox(world.services)).nudges > 0);
};

it("a test is asked for, runs, and can be read until it is over and after", async () => {
  const { person, connection, path, key } = await tested();
  await importMain(world, person, connection);
  const settings = { key, body: { autoSyncEnabled: false } };
  await json(await world.call("PUT", `/integrations/${connection.id}/settings`, settings));
  await expectProblem(await world.call("GET", path, { key }), 404, "not_found");
  const { probeId } = await json<{ probeId: string }>(await world.call("POST", path, { key }), 202);
  expect(await json(await world.call("GET", path, { key }))).toMatchObject({
    id: probeId,
    status: "running",
  });
  expect(await json(await world.call("POST", path, { key }), 202)).toEqual({ probeId });
  await work();
  const done = await json<Record<string, unknown>>(await world.call("GET", path, { key }));
  expect(done).toMatchObject({
    ...{ id: probeId, status: "limited", pushMs: null },
    error: { code: "push_off", step: "push" },
  });
  for (const leg of ["writtenMs", "readMs", "removedMs"]) expect(done[leg]).toEqual(expect.any(Number));
  expect(await json(await world.call("GET", "/events", { key }))).toMatchObject({ data: [] });
  expect(await json(await world.call("GET", "/unavailabilities", { key }))).toMatchObject({ data: [] });
});

it("what failed is told in words that help", async () => {
  const { person, connection, path, key } = await tested();
  await importMain(world, person, connection);
  world.google.sandbox.faults.arm({ operation: "calendar.events.insert", kind: "quota_exceeded" });
  await json(await world.call("POST", path, { key }), 202);
  await work();
  expect(await json(await world.call("GET", path, { key }))).toMatchObject({
    ...{ status: "failed", writtenMs: null, removedMs: null },
    error: { code: "quota_exhausted", step: "write", fix: "Test again later. Reading is not affected." },
  });
});

it("a calendar that is not read, or only read, is refused; another's does not exist", async () => {
  const { person, connection, path, key } = await tested();
  const { db } = world.database;
  const change = (set: Partial<typeof calendars.$inferInsert>) =>
    db.update(calendars).set(set).where(eq(calendars.id, connection.calendarId));
  await change({ selected: false });
  await expectProblem(await world.call("POST", path, { key }), 409, "calendar_not_checked");
  await change({ selected: true, canWrite: false });
  await expectProblem(await world.call("POST", path, { key }), 409, "calendar_not_writable");
  const reader = await world.keyFor(person, ["read"]);
  await expectProblem(await world.call("POST", path, { key: reader }), 403, "forbidden");
  const { key: stranger } = await world.caller();
  await expectProblem(await world.call("POST", path, { key: stranger }), 404, "not_found");
  await expectProblem(await world.call("GET", path, { key: stranger }), 404, "not_found");
});
