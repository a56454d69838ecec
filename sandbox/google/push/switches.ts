import type { Core } from "../../core/context";

/** How push misbehaves, and its limits. */
export type PushSwitches = ReturnType<typeof definePushSwitches>;

export function definePushSwitches({ switches }: Core) {
  const define: Define = (name, initial, english, french) =>
    switches.define(`google.push.${name}`, initial, [english, french]);
  const stopAgain = switches.define(
    "google.push.stopAgain",
    "204",
    [
      "What stopping a channel answers that was stopped before or has expired",
      "Réponse à l’arrêt d’un canal déjà arrêté ou expiré",
    ],
    ["204", "404"],
  );
  return { ...defineQuirks(define), ...defineLimits(define), stopAgain };
}

type Define = <T extends boolean | number>(
  name: string,
  initial: T,
  english: string,
  french: string,
) => () => T extends boolean ? boolean : number;

function defineQuirks(define: Define) {
  return {
    drop: define(
      "drop",
      0,
      "Percentage of messages lost, the sync message included",
      "Part des messages perdus, en %, message sync compris",
    ),
    duplicate: define(
      "duplicate",
      0,
      "Percentage of messages sent twice",
      "Part des messages envoyés deux fois, en %",
    ),
    reorder: define(
      "reorder",
      0,
      "Percentage of messages that let the channel's next one pass",
      "Part des messages qui laissent passer le suivant du même canal, en %",
    ),
    delay: define(
      "delay",
      0,
      "Seconds by the sandbox's clock before a message goes out",
      "Secondes, à l’horloge du bac à sable, avant l’envoi d’un message",
    ),
    seed: define(
      "seed",
      1,
      "Seed of the dice that lose, double, swap and number messages",
      "Graine du hasard qui perd, double, intervertit et numérote les messages",
    ),
    coalesceMs: define(
      "coalesceMs",
      0,
      "Changes within so many milliseconds share one message; 0: each has its own",
      "Les changements survenus en tant de millisecondes partagent un message ; 0 : chacun a le sien",
    ),
    syncBeforeResponse: define(
      "syncBeforeResponse",
      false,
      "The sync message arrives before watch answers",
      "Le message sync arrive avant la réponse de watch",
    ),
    messageAfterStop: define(
      "messageAfterStop",
      false,
      "The first change after a channel was stopped still sends a message",
      "Le premier changement après l’arrêt d’un canal envoie encore un message",
    ),
  };
}

function defineLimits(define: Define) {
  return {
    maxLifetime: define(
      "maxLifetime",
      604_800,
      "Longest life of a channel, in seconds",
      "Durée de vie maximale d’un canal, en secondes",
    ),
    timeoutMs: define(
      "timeoutMs",
      10_000,
      "How long a receiver may take to answer, in milliseconds",
      "Temps laissé au destinataire pour répondre, en millisecondes",
    ),
    retries: define(
      "retries",
      5,
      "How often a message is tried again after 500, 502, 503, 504 or no answer",
      "Nombre de nouveaux essais après 500, 502, 503, 504 ou sans réponse",
    ),
    backoff: define(
      "backoff",
      1,
      "Seconds by the sandbox's clock before the first retry; each further one waits twice as long",
      "Secondes, à l’horloge du bac à sable, avant le premier nouvel essai ; puis le double à chaque fois",
    ),
  };
}
