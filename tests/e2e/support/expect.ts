import { type Locator, expect as plain } from "@playwright/test";

/** Patient, because two busy cores are slow; what is there at once costs nothing. */
export const expect = plain.configure({ timeout: 20_000 });

/** React has taken the element over. What a test types sooner than any person could is not heard of. */
export async function expectAwake(field: Locator): Promise<void> {
  const isAwake = (element: Element) => Object.keys(element).some((key) => key.startsWith("__reactProps$"));
  await expect.poll(() => field.evaluate(isAwake)).toBe(true);
}
