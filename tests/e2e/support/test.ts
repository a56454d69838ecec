import { test as base } from "@playwright/test";
import { type DatabaseHandle, openDatabase } from "@/db/client";
import { setting } from "./environment";
import { expect } from "./expect";
import { createGuard, type Guard } from "./guard";
import {
  connectByAddress,
  type Integration,
  integrations,
  type SignedInPerson,
  signInSomebody,
} from "./person";
import { type GoogleAccount, openAccount } from "./sandbox";

interface Fixtures {
  /** Runs with every test: nothing leaves this machine, no error reaches the console. */
  guard: Guard;
  /** A new person, signed in in the test's browser. */
  person: SignedInPerson;
  /** A Google account of this test alone. */
  account: GoogleAccount;
  /** The person's connection to that account, first import done. */
  connection: Integration;
}

interface WorkerFixtures {
  database: DatabaseHandle;
}

export { expect };

export const test = base.extend<Fixtures, WorkerFixtures>({
  database: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the pattern
    async ({}, use) => {
      const handle = openDatabase(setting("E2E_DATABASE_URL"), { max: 2, name: "browser-tests" });
      await use(handle);
      await handle.close();
    },
    { scope: "worker" },
  ],
  guard: [
    async ({ context }, use) => {
      const guard = createGuard();
      await guard.watch(context);
      await use(guard);
      expect(guard.unexpected(), "errors in the console").toEqual([]);
      const elsewhere = [...guard.hosts].filter((host) => host !== "localhost" && host !== "127.0.0.1");
      expect(elsewhere, "hosts other than this machine").toEqual([]);
    },
    { auto: true },
  ],
  person: async ({ context, database }, use) => use(await signInSomebody(database.db, context)),
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the pattern
  account: async ({}, use) => use(await openAccount()),
  connection: async ({ context, person: _signedIn, account }, use) => {
    expect(await connectByAddress(context.request, account)).toBe("connected");
    await expect.poll(async () => (await integrations(context.request))[0]?.status).toBe("connected");
    const [connection] = await integrations(context.request);
    if (connection === undefined) throw new Error("The connection is gone.");
    await use(connection);
  },
});
