import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTimeOff } from "@/lib/bookings/time-off";
import { listTimeOff } from "@/lib/bookings/time-off-list";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createPerson } from "@/tests/support/factories";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const NOVEMBER = { from: new Date("2026-11-01T00:00:00Z"), to: new Date("2026-12-01T00:00:00Z") };

describe("time off of a person", () => {
  it("is what overlaps the range, half-open, in order of time", async () => {
    const ctx = (await createPerson(database.db)).ctx();
    const off = (title: string, start: string, end: string) => createTimeOff(ctx, { title, start, end });
    await off("later", "2026-11-20T08:00:00.000Z", "2026-11-20T09:00:00.000Z");
    await off("across", "2026-10-30T00:00:00.000Z", "2026-11-02T00:00:00.000Z");
    await off("ends at the start", "2026-10-31T00:00:00.000Z", "2026-11-01T00:00:00.000Z");
    await off("begins at the end", "2026-12-01T00:00:00.000Z", "2026-12-02T00:00:00.000Z");
    const listed = await listTimeOff(ctx, NOVEMBER, 10);
    expect(listed.map(({ title }) => title)).toEqual(["across", "later"]);
    expect(await listTimeOff(ctx, NOVEMBER, 1)).toHaveLength(1);
  });

  it("is nobody else's", async () => {
    const [mine, other] = [await createPerson(database.db), await createPerson(database.db)];
    await createTimeOff(other.ctx(), { allDay: true, startDate: "2026-11-10", endDate: "2026-11-11" });
    expect(await listTimeOff(mine.ctx(), NOVEMBER, 10)).toEqual([]);
    expect(await listTimeOff(other.ctx(), NOVEMBER, 10)).toMatchObject([
      { allDay: true, title: null, start: "2026-11-09T23:00:00.000Z", end: "2026-11-10T23:00:00.000Z" },
    ]);
  });
});
