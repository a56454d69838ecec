import { createSandbox, type Sandbox, type SandboxOptions } from "@/sandbox/core/server";

export interface TestSandbox extends AsyncDisposable {
  sandbox: Sandbox;
  /** Where it answers, `http://127.0.0.1:PORT`. */
  origin: string;
  close(): Promise<void>;
}

/** A sandbox of the caller's own in this process, on a free port; nothing of it outlives the test. */
export async function startTestSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = createSandbox(options);
  const origin = await sandbox.listen(0);
  const close = () => sandbox.close();
  return { sandbox, origin, close, [Symbol.asyncDispose]: close };
}
