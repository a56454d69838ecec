import { createHash } from "node:crypto";
import type { Store } from "../core/store";

/** A Google account. Keyed by e-mail here; `sub` is what clients must key by. */
export interface Account {
  email: string;
  sub: string;
  name: string;
  givenName: string;
  familyName: string;
  locale: string;
  timeZone: string;
  /** False: the account never signed up for Google Calendar. */
  hasCalendar: boolean;
  emailVerified: boolean;
}

export interface NewAccount {
  email: string;
  name?: string;
  timeZone?: string;
  locale?: string;
  hasCalendar?: boolean;
  emailVerified?: boolean;
  sub?: string;
}

type AccountListener = (change: { added: Account } | { removed: Account }) => void;

export interface Accounts {
  list(): Account[];
  get(email: string): Account | undefined;
  /** Adds the account, or changes what is given of an existing one. */
  add(account: NewAccount): Account;
  remove(email: string): boolean;
  onChange(listener: AccountListener): void;
}

export function createAccounts(store: Store): Accounts {
  const rows = store.collection<Account>("google.accounts");
  const listeners: AccountListener[] = [];
  const tell: AccountListener = (change) => {
    for (const listener of listeners) listener(change);
  };
  return {
    list: () => [...rows.values()],
    get: (email) => rows.get(email.toLowerCase()),
    add(given) {
      const email = given.email.toLowerCase();
      const existing = rows.get(email);
      const account = rows.set(email, { ...(existing ?? blank(email)), ...named(given), email });
      if (existing === undefined) tell({ added: account });
      return account;
    },
    remove(email) {
      const account = rows.get(email.toLowerCase());
      if (account === undefined) return false;
      rows.delete(account.email);
      tell({ removed: account });
      return true;
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

function blank(email: string): Account {
  const local = email.split("@")[0] ?? email;
  const name = local.charAt(0).toUpperCase() + local.slice(1);
  const rest = { locale: "en", timeZone: "Europe/Paris", hasCalendar: true, emailVerified: true };
  return { email, sub: subjectOf(email), name, givenName: name, familyName: "", ...rest };
}

function named(given: NewAccount): Partial<Account> {
  const { email: _, name, ...rest } = given;
  const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  if (name === undefined) return known;
  const [givenName = name, ...familyNames] = name.split(" ");
  return { ...known, name, givenName, familyName: familyNames.join(" ") };
}

// Google's subjects are decimal strings of 21 digits; a hash keeps them stable over fresh starts.
function subjectOf(email: string): string {
  const digits = BigInt(`0x${createHash("sha256").update(email).digest("hex").slice(0, 24)}`) % 10n ** 20n;
  return `1${digits.toString().padStart(20, "0")}`;
}
