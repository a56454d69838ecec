import { createGoogle } from "../google/google";
import type { Google } from "../google/service";
import { createMailService, type MailDesk } from "../mail/service";
import { createCore, createHost, type Host, type HostOptions } from "./host";

export type SandboxOptions = HostOptions;

export interface Sandbox extends Google, Host {
  mail: MailDesk;
}

/** Google's stand-in, whole, and a mail server beside it, which listens when it is told to. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const core = createCore("google", options);
  const { google, hooks, services } = createGoogle(core);
  const { mail, service } = createMailService(core);
  const isEmpty = () => google.accounts.list().length === 0;
  return {
    ...google,
    mail,
    ...createHost(core, { hooks, services: [...services, service], isEmpty }, options),
  };
}
