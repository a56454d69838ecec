import { cache } from "react";
import { requireCtx } from "@/app/_session/gate";
import { findDeadConnections } from "@/lib/connections/dead-connections";

/** Asked once per request, for the banner and for the page that says the same. */
export const readDeadConnections = cache(async () => findDeadConnections(await requireCtx()));
