import type { Say } from "../../core/language";

const AUTH = "https://www.googleapis.com/auth/";

// Google answers with the long names of `email` and `profile`.
const ALIASES: Record<string, string> = {
  email: `${AUTH}userinfo.email`,
  profile: `${AUTH}userinfo.profile`,
};

const SIGN_IN = new Set(["openid", `${AUTH}userinfo.email`, `${AUTH}userinfo.profile`]);

const TEXTS: Record<string, readonly [english: string, french: string]> = {
  calendar: [
    "See, edit, share and permanently delete all the calendars you can access",
    "Voir, modifier, partager et supprimer définitivement tous les agendas auxquels vous avez accès",
  ],
  "calendar.readonly": ["See and download any calendar you can access", "Voir et télécharger vos agendas"],
  "calendar.events": [
    "View and edit events on all your calendars",
    "Voir et modifier les événements de tous vos agendas",
  ],
  "calendar.events.readonly": [
    "View events on all your calendars",
    "Voir les événements de tous vos agendas",
  ],
  "calendar.events.owned": [
    "See, create, change and delete events on calendars you own",
    "Voir, créer, modifier et supprimer les événements des agendas dont vous êtes propriétaire",
  ],
  "calendar.calendarlist": [
    "See, add and remove calendars you are subscribed to",
    "Voir, ajouter et retirer les agendas auxquels vous êtes abonné",
  ],
  "calendar.calendarlist.readonly": [
    "See the list of calendars you are subscribed to",
    "Voir la liste des agendas auxquels vous êtes abonné",
  ],
  "calendar.freebusy": ["See when you are busy", "Voir quand vous êtes occupé"],
  contacts: [
    "See, edit, download and permanently delete your contacts",
    "Voir, modifier, télécharger et supprimer définitivement vos contacts",
  ],
  "contacts.readonly": ["See and download your contacts", "Voir et télécharger vos contacts"],
  "contacts.other.readonly": [
    "See and download contact info saved automatically in “Other contacts”",
    "Voir et télécharger les coordonnées enregistrées automatiquement dans « Autres contacts »",
  ],
};

/** The scopes of a `scope` parameter under the names Google answers with, or the first one it does not know. */
export function parseScopes(text: string): { scopes: string[] } | { unknown: string } {
  const scopes = [...new Set(text.split(/\s+/).filter(Boolean).map(canonical))];
  const unknown = scopes.find((scope) => !isKnown(scope));
  return unknown === undefined ? { scopes } : { unknown };
}

function canonical(scope: string): string {
  return ALIASES[scope] ?? scope;
}

function isKnown(scope: string): boolean {
  return SIGN_IN.has(scope) || /^https:\/\/www\.googleapis\.com\/auth\/[a-z.]+$/.test(scope);
}

/** True for scopes that need no tick box: who the user is. */
export function isSignInScope(scope: string): boolean {
  return SIGN_IN.has(scope);
}

export const hasEmail = (scopes: readonly string[]) => scopes.includes(ALIASES.email ?? "");
export const hasProfile = (scopes: readonly string[]) => scopes.includes(ALIASES.profile ?? "");

export function describeScope(scope: string, say: Say): string {
  const texts = TEXTS[scope.slice(AUTH.length)];
  return texts === undefined ? scope : say(...texts);
}
