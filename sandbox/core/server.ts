import { createGoogle } from "../google/google";
import type { Google } from "../google/service";
import { createCore, createHost, type Host, type HostOptions } from "./host";

export type SandboxOptions = HostOptions;

export interface Sandbox extends Google, Host {}

/** Google's stand-in, whole. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const core = createCore("google", options);
  const { google, hooks, services } = createGoogle(core);
  const isEmpty = () => google.accounts.list().length === 0;
  return { ...google, ...createHost(core, { hooks, services, isEmpty }, options) };
}
