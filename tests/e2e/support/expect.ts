import { expect as plain } from "@playwright/test";

/** Patient, because two busy cores are slow; what is there at once costs nothing. */
export const expect = plain.configure({ timeout: 20_000 });
