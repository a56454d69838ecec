import type { Vendor } from "@/lib/providers/calendar-provider";

/** A vendor as witness of who somebody is. Asks for no more than that: calendars are a consent of their own. */
export interface IdentityProvider {
  readonly vendor: Vendor;
  readonly clientId: string;
  readonly issuer: string;
  /** The vendor's real address of the consent page; the caller maps it for the browser. */
  authorizationEndpoint(): Promise<URL>;
  /** Exchanges the code; checks state, issuer, PKCE, nonce, audience and signature. Throws `ProviderError`. */
  identify(callback: IdentityCallback): Promise<Identity>;
}

export interface IdentityCallback {
  redirectUri: string;
  /** What the browser brought: `code`, `state`, `iss`. */
  parameters: URLSearchParams;
  state: string;
  nonce: string;
  codeVerifier: string;
}

/** `issuer` and `subject` are the key. The rest describes and may change. */
export interface Identity {
  issuer: string;
  subject: string;
  email: string;
  emailVerified: boolean;
  name: string;
}
