import { hash } from "node:crypto";

/** Letters Google takes for event ids, and none that an exported booking's id begins with. */
const PREFIX = "entprobe";

/** The name of a probe's event: the same at every retry, and told from others' at a glance. */
export function probeKey(probe: { installation: string; probeId: string }): string {
  const named = JSON.stringify([probe.installation, probe.probeId]);
  return `${PREFIX}${hash("sha256", named, "hex").slice(0, 36)}`;
}

/** Whether an id may be a probe's, so that pages without one cost no question. Only a stored id says that it is. */
export function looksLikeProbe(externalId: string): boolean {
  return externalId.startsWith(PREFIX);
}
