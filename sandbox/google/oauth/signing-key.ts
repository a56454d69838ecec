import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import type { Store } from "../../core/store";

/** The RS256 key behind id tokens. It outlives restarts and resets, as clients cache the key set. */
export interface SigningKey {
  sign(claims: Record<string, unknown>): Promise<string>;
  publicJwks(): Promise<{ keys: JWK[] }>;
  /** Writes the key again after the store was emptied. */
  keep(): void;
}

export function createSigningKey(store: Store): SigningKey {
  const keys = store.collection<JWK>("google.oauth.keys");
  let current: Promise<JWK> | undefined;
  const privateJwk = () => {
    current ??= Promise.resolve(keys.get("current") ?? generate().then((jwk) => keys.set("current", jwk)));
    return current;
  };
  let imported: ReturnType<typeof importJWK> | undefined;
  return {
    async sign(claims) {
      const jwk = await privateJwk();
      imported ??= importJWK(jwk, "RS256");
      return new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", kid: jwk.kid, typ: "JWT" })
        .sign(await imported);
    },
    async publicJwks() {
      const { kty, n, e, kid } = await privateJwk();
      return { keys: [{ kty, n, e, kid, alg: "RS256", use: "sig" }] };
    },
    keep() {
      void current?.then((jwk) => keys.set("current", jwk));
    },
  };
}

async function generate(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomUUID().replaceAll("-", "") };
}
