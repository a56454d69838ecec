import type { DemoAddresses } from "./environment";

export interface SeedTarget extends DemoAddresses {
  databaseUrl: string;
}

/** What a newcomer should find already there. The sandbox seeds its accounts and events by itself. */
export async function seedDemo(_target: SeedTarget): Promise<void> {
  return Promise.resolve();
}
