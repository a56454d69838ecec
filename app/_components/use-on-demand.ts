"use client";

import { type ComponentType, useCallback, useState } from "react";

/**
 * A component whose code comes only when asked for. `load` must be the same function at every call.
 * Asking answers false when the code could not be reached; the next asking tries again.
 */
export function useOnDemand<Props>(load: () => Promise<ComponentType<Props>>) {
  const [Component, setComponent] = useState<ComponentType<Props> | null>(null);
  const ask = useCallback(async () => {
    try {
      const loaded = await load();
      setComponent(() => loaded);
      return true;
    } catch {
      return false;
    }
  }, [load]);
  return [Component, ask] as const;
}
