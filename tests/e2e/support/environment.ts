/** What the global set-up left for the tests. */
export function setting(
  name: "E2E_APP_URL" | "E2E_GOOGLE_ORIGIN" | "E2E_DATABASE_URL" | "E2E_METRICS_TOKEN",
): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: the stack of the browser tests is not running.`);
  return value;
}
