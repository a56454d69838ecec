import type { Caller } from "../../core/caller";
import type { Clock } from "../../core/clock";
import type { Collection } from "../../core/store";
import type { AccessToken, OAuthCollections, RefreshToken } from "./model";
import { newAccessToken, newRefreshToken } from "./secrets";
import type { OAuthSwitches } from "./switches";

interface Holder {
  account: string;
  clientId: string;
  scopes: string[];
}

type RevokeListener = (account: string, clientId: string | undefined) => void;

/** Issues tokens, knows which live, and kills them. */
export interface TokenVault {
  /** `seconds` overrides the switch. */
  issueAccess(holder: Holder, offline: boolean, seconds?: number): { token: string; expiresIn: number };
  issueRefresh(holder: Holder): RefreshToken;
  /** The caller behind a live access token; cheap enough for every request. */
  callerOf(accessToken: string): Caller | undefined;
  access(token: string): AccessToken | undefined;
  refresh(token: string): RefreshToken | undefined;
  dropRefresh(token: string): void;
  /** Ends every token of the account for the client (absent: all clients) and the grants behind them. */
  revoke(account: string, clientId?: string): number;
  /** Told after each `revoke`: what hung on those tokens dies with them. */
  onRevoke(listener: RevokeListener): void;
  /** Access tokens of the account (absent: everybody) expire now. Returns how many. */
  expireAccess(account?: string): number;
  /** Drops what is derived from the store. */
  forget(): void;
}

const PRUNE_EVERY = 2_000;

export function createTokenVault(data: OAuthCollections, clock: Clock, switches: OAuthSwitches): TokenVault {
  const callers = new Map<string, Caller>();
  const listeners: RevokeListener[] = [];
  let issued = 0;
  const access = (token: string) => {
    const found = data.accessTokens.get(token);
    return found !== undefined && found.expiresAt > clock.ms() ? found : undefined;
  };
  const drop = (token: string) => {
    callers.delete(token);
    data.accessTokens.delete(token);
    data.refreshTokens.delete(token);
  };
  const prune = () => {
    for (const [token, { expiresAt }] of data.accessTokens.entries()) if (expiresAt < clock.ms()) drop(token);
  };
  return {
    access,
    issueAccess(holder, offline, seconds) {
      issued += 1;
      if (issued % PRUNE_EVERY === 0) prune();
      const expiresIn = seconds ?? switches.expiresIn();
      const token = newAccessToken();
      data.accessTokens.set(token, { ...holder, offline, expiresAt: clock.ms() + expiresIn * 1_000 });
      return { token, expiresIn };
    },
    issueRefresh(holder) {
      dropOldest(data, holder, switches.maxRefreshTokens() - 1);
      const now = clock.ms();
      const life = switches.refreshTokenExpiresIn();
      const expiry = life > 0 ? { expiresAt: now + life * 1_000 } : {};
      const token = newRefreshToken();
      return data.refreshTokens.set(token, { token, ...holder, issuedAt: now, lastUsedAt: now, ...expiry });
    },
    callerOf(token) {
      const live = access(token);
      if (live === undefined) return undefined;
      const known = callers.get(token);
      if (known !== undefined) return known;
      const caller = { account: live.account, clientId: live.clientId, scopes: new Set(live.scopes) };
      callers.set(token, caller);
      return caller;
    },
    refresh: (token) => data.refreshTokens.get(token),
    dropRefresh: (token) => {
      data.refreshTokens.delete(token);
    },
    revoke(account, clientId) {
      const dead = (rows: Collection<Holder>) => keysOf(rows, account, clientId);
      const tokens = [...dead(data.accessTokens), ...dead(data.refreshTokens)];
      for (const token of tokens) drop(token);
      for (const key of dead(data.grants)) data.grants.delete(key);
      for (const listener of listeners) listener(account, clientId);
      return tokens.length;
    },
    onRevoke: (listener) => {
      listeners.push(listener);
    },
    expireAccess(account) {
      let expired = 0;
      for (const [token, row] of data.accessTokens.entries()) {
        if (account !== undefined && row.account !== account) continue;
        drop(token);
        expired += 1;
      }
      return expired;
    },
    forget: () => callers.clear(),
  };
}

function keysOf(rows: Collection<Holder>, account: string, clientId: string | undefined): string[] {
  const concerns = (row: Holder) => row.account === account && (clientId ?? row.clientId) === row.clientId;
  return [...rows.entries()].filter(([, row]) => concerns(row)).map(([key]) => key);
}

function dropOldest(data: OAuthCollections, { account, clientId }: Holder, keep: number): void {
  const live = [...data.refreshTokens.values()].filter(
    (row) => row.account === account && row.clientId === clientId,
  );
  // Insertion order is age: tokens are never renewed in place.
  for (const { token } of live.slice(0, Math.max(0, live.length - keep))) data.refreshTokens.delete(token);
}
