import type { DemoAddresses } from "./environment";

/** What a newcomer reads when everything runs. */
export function welcome({ appUrl, googleOrigin }: DemoAddresses): string {
  return `
Entente is running. / Entente tourne.

  App                      ${appUrl}
  Google stand-in          ${googleOrigin}   (calendars, consent, faults / agendas, consentement, pannes)

  Mails sent               ${googleOrigin}/sandbox/inbox   (they reach nobody / ils n'atteignent personne)

  First: open the app, sign in with Google as Alice Martin, then Integrations → connect Google Calendar.
  Add an event in the stand-in's calendar and watch the time become unavailable.

  Pour commencer : ouvrez l'application, connectez-vous avec Google en tant qu'Alice Martin,
  puis Intégrations → connecter Google Agenda. Ajoutez un événement dans l'agenda du substitut :
  le créneau devient indisponible.

  Ctrl-C stops everything; the data stays. / Ctrl-C arrête tout ; les données restent.
  npm run demo -- --fresh starts over. / repart de zéro.
`;
}
