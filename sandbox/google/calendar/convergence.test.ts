import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANN, type Bench, type Event, listAll, openBench } from "./test-bench";

const RULES = [
  ["RRULE:FREQ=DAILY;COUNT=6"],
  ["RRULE:FREQ=WEEKLY;BYDAY=MO,TH"],
  ["RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20270101T000000Z", "EXDATE:20261205T080000Z"],
];

// A small linear congruential generator: failures repeat with their seed.
function randomOf(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A client that knows nothing but deltas. */
interface Mirror {
  singleEvents: boolean;
  syncToken: string | undefined;
  events: Map<string, Event>;
}

describe("a client that applies every delta", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    bench.set("seriesYears", 1);
    bench.sandbox.switches.set("google.quota.perUser", 1_000_000);
    bench.sandbox.switches.set("google.quota.perProject", 1_000_000);
  });
  afterAll(() => bench.sandbox.close());

  const pull = async (calendarId: string, mirror: Mirror) => {
    const { singleEvents, syncToken } = mirror;
    const { items, syncToken: next } = await listAll(bench.client(ANN), {
      calendarId,
      singleEvents,
      syncToken,
      maxResults: 40,
    });
    const newest = new Map<string, Event>();
    for (const event of items) {
      const known = newest.get(event.id ?? "");
      const older = known?.updated && event.updated && event.updated < known.updated;
      if (!older) newest.set(event.id ?? "", event);
    }
    for (const [id, event] of newest) {
      if (event.status === "cancelled") mirror.events.delete(id);
      else mirror.events.set(id, event);
    }
    mirror.syncToken = next;
  };

  const truth = async (calendarId: string, singleEvents: boolean) => {
    const { items } = await listAll(bench.client(ANN), { calendarId, singleEvents, maxResults: 2_500 });
    return sorted(items.filter(({ status }) => status !== "cancelled"));
  };
  const sorted = (events: Iterable<Event>) =>
    [...events].sort((a, b) => ((a.id ?? "") < (b.id ?? "") ? -1 : 1));

  const time = (random: (below: number) => number) => {
    const at = (hour: number) => ({
      dateTime: `2026-12-0${1 + random(3)}T${String(hour).padStart(2, "0")}:00:00`,
      timeZone: "Europe/Paris",
    });
    const start = at(8 + random(2));
    return { start, end: { ...start, dateTime: start.dateTime.replace(/T\d\d/, "T12") } };
  };

  async function step(calendarId: string, random: (below: number) => number): Promise<void> {
    const place = { account: ANN, calendarId };
    const { items } = await listAll(bench.client(ANN), { calendarId, singleEvents: true, maxResults: 2_500 });
    const eventId = items[random(items.length)]?.id;
    const scope = ["this", "following", "all"][random(3)];
    const kind = items.length < 3 ? random(2) : random(9);
    const series = kind === 1 ? { recurrence: RULES[random(RULES.length)] } : {};
    if (kind < 2)
      return void (await bench.act("events/create", {
        ...place,
        event: { ...time(random), ...series, summary: "N" },
      }));
    if (kind < 4)
      return void (await bench.act("events/edit", {
        ...place,
        eventId,
        scope,
        change: { summary: `S${random(100)}` },
      }));
    if (kind < 7)
      return void (await bench.act("events/edit", { ...place, eventId, scope, change: time(random) }));
    if (kind === 7) return void (await bench.act("events/delete", { ...place, eventId, scope }));
    await bench.act("events/duplicate", { ...place, eventId });
  }

  it.each(Array.from({ length: 6 }, (_, index) => index + 1))(
    "ends with what a full list shows (seed %i)",
    async (seed) => {
      const random = randomOf(seed);
      const quirks = seed % 2 === 0;
      bench.set("duplicates", quirks);
      bench.set("emptyPages", quirks);
      const calendarId =
        (await bench.act("calendars/create", { account: ANN, summary: `Seed ${seed}` })).id ?? "";
      const mirrors: Mirror[] = [true, false].map((singleEvents) => ({
        singleEvents,
        syncToken: undefined,
        events: new Map(),
      }));
      for (const mirror of mirrors) await pull(calendarId, mirror);
      for (let round = 0; round < 10; round += 1) {
        for (let count = 1 + random(5); count > 0; count -= 1) await step(calendarId, random);
        for (const mirror of mirrors) {
          if (random(3) === 0) continue;
          await pull(calendarId, mirror);
          const { singleEvents, events } = mirror;
          expect({ round, singleEvents, events: sorted(events.values()) }).toEqual({
            round,
            singleEvents,
            events: await truth(calendarId, singleEvents),
          });
        }
      }
      bench.set("duplicates", false);
      bench.set("emptyPages", false);
    },
  );
});
