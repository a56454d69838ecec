import type { Person } from "@/tests/support/factories";
import type { AppWorld } from "./app-world";
import { usageOf } from "./usage";
import { notify, type Slot, type Subject } from "./vendor-world";

/** Something that is told of changes and shows them: the app, or the floor beneath it. */
export interface Shown {
  notify(subject: Subject): Promise<{ status: number; ms: number }>;
  shows(subject: Subject, slot: Slot): Promise<boolean>;
}

export interface App extends Shown {
  meet(subjects: readonly Subject[]): Promise<void>;
  /** How many of a person's blocking events lie in a range. */
  count(person: Person, range: Slot): Promise<number>;
}

/** The built app as a vendor and a program with a key see it. */
export async function openApp(world: AppWorld): Promise<App> {
  const origin = world.stack.appUrl.replace("localhost", "127.0.0.1");
  const keys = new Map<string, string>();
  return {
    meet: async (subjects) => {
      for (const { person } of subjects) {
        if (!keys.has(person.userId)) keys.set(person.userId, await world.keyFor(person));
      }
    },
    notify: (subject) => notify(origin, subject),
    shows: async ({ person }, { from, to }) => {
      const path = `/unavailabilities?from=${from.toISOString()}&to=${to.toISOString()}`;
      const { status, bytes } = await world.get(keys.get(person.userId) ?? "", path);
      if (status !== 200) throw new Error(`unavailabilities answered ${status}`);
      return bytes > EMPTY_BYTES;
    },
    count: async (person, { from, to }) => {
      const path = `/unavailabilities?from=${from.toISOString()}&to=${to.toISOString()}&limit=${MOST_ROWS}`;
      const { status, body } = await world.call(keys.get(person.userId) ?? "", "GET", path);
      if (status !== 200) throw new Error(`unavailabilities answered ${status}`);
      return (body as { data: unknown[] }).data.length;
    },
  };
}

/** An answer without rows is shorter, one with a row longer. */
const EMPTY_BYTES = 60;
export const MOST_ROWS = 200;

/** Seconds of processor time the app used so far. */
export function cpuOf(world: AppWorld): number {
  return usageOf(world.stack.pids.app)?.cpuSeconds ?? Number.NaN;
}

/** How long a message's answer took; throws on any that Google would not take for one. */
export function accepted({ status, ms }: { status: number; ms: number }): number {
  if (status !== 204) throw new Error(`a message was answered with ${status}`);
  return ms;
}
