import { Agent, request } from "node:http";
import { resolve } from "node:path";
import { root } from "../lib/paths";
import { freePort } from "../lib/ports";
import { startService, untilReady } from "../lib/service";
import type { AppWorld } from "./app-world";
import type { FloorCalendar } from "./floor-server";
import { notify, type Slot, type Subject } from "./vendor-world";

/** The least that push can be, in a process of its own: told over HTTP, asked over HTTP. */
export async function openFloorApp(world: AppWorld, subjects: readonly Subject[]) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = startService({
    name: "floor",
    command: process.execPath,
    args: [
      ...["--import", "tsx", resolve(root, "scripts/bench/floor-server.ts")],
      ...[String(port), world.stack.databaseUrl, world.stack.googleOrigin],
    ],
    cwd: root,
    env: process.env,
    log: `${world.directory}/floor.log`,
  });
  const calendars: FloorCalendar[] = subjects.map(({ calendarId, externalId, accessToken, watch }) => ({
    id: calendarId,
    externalId,
    accessToken,
    channel: watch.id,
  }));
  const probe = () =>
    fetch(`${origin}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await untilReady(server, probe, 30_000);
  await fetch(`${origin}/calendars`, { method: "POST", body: JSON.stringify(calendars) });
  const agent = new Agent({ keepAlive: true });
  return {
    notify: (subject: Subject) => notify(origin, subject),
    shows: ({ calendarId }: Subject, { from, to }: Slot) =>
      new Promise<boolean>((done, fail) => {
        const path = `/events?calendar=${calendarId}&from=${from.toISOString()}&to=${to.toISOString()}`;
        const sent = request(`${origin}${path}`, { agent }, (answer) => {
          let bytes = 0;
          answer.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
          });
          answer.on("end", () => done(bytes > 2));
        });
        sent.on("error", fail).end();
      }),
    stop: async () => {
      agent.destroy();
      await server.stop(2_000);
    },
  };
}
