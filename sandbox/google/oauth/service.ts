import { readFileSync } from "node:fs";
import type { Service } from "../../core/context";
import type { Google } from "../service";
import { addAuthorizeRoutes } from "./authorize";
import { addDiscoveryRoutes } from "./discovery";
import { createSigningKey } from "./signing-key";
import { addTokenRoute } from "./token-endpoint";
import { addInspectionRoutes } from "./token-inspection";

/** Google's OAuth 2.0 and OpenID Connect. */
export function createOAuthService(google: Google): Service {
  const key = createSigningKey(google.store);
  return {
    addRoutes(routes) {
      addAuthorizeRoutes(routes, google);
      addDiscoveryRoutes(routes, key);
      addTokenRoute(routes, google, key);
      addInspectionRoutes(routes, google);
      routes.asset(
        "/assets/consent.js",
        "text/javascript",
        readFileSync(new URL("tick-boxes.js", import.meta.url), "utf8"),
      );
    },
    seed: () => undefined,
    forget: () => key.keep(),
  };
}
