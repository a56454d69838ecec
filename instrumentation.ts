/** Runs once when the server starts: the environment is judged, then jobs and live pages begin. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startServer } = await import("@/inngest/server");
  await startServer();
}
