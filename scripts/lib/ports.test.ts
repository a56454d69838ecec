import { createServer } from "node:net";
import { expect, it } from "vitest";
import { freePort, freePortFrom, isPortFree, listenerOf } from "./ports";

it("gives ports that systems do not hand out to outgoing connections", async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(20_000);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

it("knows a taken port, who listens on it, and the next free one", async () => {
  const port = await freePort();
  expect(await isPortFree(port)).toBe(true);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  expect(await isPortFree(port)).toBe(false);
  expect(await freePortFrom(port)).toBeGreaterThan(port);
  if (process.platform === "linux") expect(listenerOf(port)).toContain(`process ${process.pid}`);
  server.close();
});
