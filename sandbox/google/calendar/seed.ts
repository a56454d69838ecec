import { addCalendar, share } from "./calendar-admin";
import type { CalendarState } from "./calendar-state";
import type { Desk } from "./desk";
import { instantOf } from "./event-time";
import { instanceId, occurrenceKey } from "./ids";
import type { EventDateTime, Person, StoredEvent } from "./model";
import { createSeedPlan } from "./seed-plan";
import { simulateDelete, simulateEdit } from "./simulation";
import type { World } from "./world";
import { formatInstant, instantOfWall, wallOfInstant } from "./zones";

const ALICE: Person = { email: "alice@example.test", displayName: "Alice Martin" };
const BOB: Person = { email: "bob@example.test", displayName: "Bob Miller" };
const CHLOE: Person = { email: "chloe@example.test", displayName: "Chloé Bernard" };
const PAUL: Person = { email: "paul@example.test", displayName: "Paul Durand" };

const HOLIDAYS: readonly (readonly [string, string])[] = [
  ["01-01", "Jour de l'An"],
  ["05-01", "Fête du Travail"],
  ["05-08", "Victoire 1945"],
  ["07-14", "Fête nationale"],
  ["08-15", "Assomption"],
  ["11-01", "Toussaint"],
  ["11-11", "Armistice 1918"],
  ["12-25", "Noël"],
];

/** The calendars a newcomer finds: three believable weeks around the clock's now. Accounts must exist already. */
export function seedCalendars(world: World): void {
  if (world.accounts.has(ALICE.email)) {
    seedAlice(deskAt(world, ALICE.email, ALICE));
    seedFamily(world);
    seedMeetingRoom(world);
    seedHolidays(world);
  }
  if (world.accounts.has(BOB.email)) seedBob(deskAt(world, BOB.email, BOB));
}

function deskAt(world: World, calendarId: string, actor: Person): Desk {
  const calendar = world.calendars.get(calendarId);
  if (calendar === undefined) throw new Error(`There is no calendar ${calendarId} to seed`);
  return { world, calendar, actor };
}

function seedAlice(desk: Desk): void {
  const plan = createSeedPlan(desk);
  const team = plan.at(-7, "09:30", "10:30", "Réunion d'équipe", {
    recurrence: ["RRULE:FREQ=WEEKLY;BYDAY=MO"],
    location: "Salle Rivoli",
    attendees: [accepted(ALICE), accepted(CHLOE), { ...PAUL, responseStatus: "tentative" }],
  });
  moveOccurrence(desk, team, 7, 90);
  simulateDelete(desk, occurrenceAfter(team, 14));
  plan.at(-5, "12:30", "13:30", "Déjeuner avec Camille", { location: "Café des Arts" });
  plan.at(-4, "14:00", "15:30", "Entretien annuel");
  plan.at(1, "12:30", "13:30", "Déjeuner avec Paul");
  plan.at(2, "16:00", "16:45", "Dentiste", { location: "12 rue de Rennes, Paris", visibility: "private" });
  plan.at(3, "10:00", "11:30", "Point client Rousseau", {
    description: "<p>Ordre du jour : <b>devis</b> et calendrier.</p>",
    attendees: [accepted(ALICE), accepted(CHLOE), accepted(PAUL)],
  });
  plan.at(3, "17:00", "19:00", "Livraison du canapé", { transparency: "transparent" });
  plan.at(4, "18:30", "20:00", "Afterwork", {
    invitedBy: BOB,
    attendees: [accepted(BOB), { ...ALICE, responseStatus: "declined" }],
  });
  plan.at(8, "15:00", "16:00", "Atelier budget", {
    invitedBy: CHLOE,
    attendees: [
      accepted(CHLOE),
      { ...ALICE, responseStatus: "tentative" },
      { ...PAUL, responseStatus: "needsAction" },
    ],
  });
  plan.at(9, "09:00", "12:00", "Rédaction du rapport", {
    eventType: "focusTime",
    focusTimeProperties: { autoDeclineMode: "declineNone", chatStatus: "doNotDisturb" },
  });
  plan.at(-6, "18:30", "19:30", "Yoga", { recurrence: ["RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=12"] });
  plan.day(10, 2, "Congés", { transparency: "opaque" });
  plan.day(1, 1, "Domicile", {
    eventType: "workingLocation",
    visibility: "public",
    workingLocationProperties: { type: "homeOffice", homeOffice: {} },
  });
  plan.day(5, 1, "Anniversaire de Paul", { eventType: "birthday", birthdayProperties: { type: "birthday" } });
}

function seedFamily(world: World): void {
  const calendar = addCalendar(world, { owner: ALICE.email, summary: "Famille", timeZone: "Europe/Paris" });
  const plan = createSeedPlan({ world, calendar, actor: ALICE });
  plan.at(-5, "14:00", "15:00", "Piscine des enfants", { recurrence: ["RRULE:FREQ=WEEKLY;BYDAY=WE"] });
  plan.at(6, "19:30", "22:00", "Dîner chez mamie");
  plan.at(11, "08:30", "09:15", "Rendez-vous à l'école");
}

function seedMeetingRoom(world: World): void {
  const desk: Person = { email: "accueil@example.test", displayName: "Accueil" };
  const calendar = addCalendar(world, {
    owner: desk.email,
    summary: "Salle de réunion",
    timeZone: "Europe/Paris",
  });
  share(world, calendar, ALICE.email, "reader");
  const plan = createSeedPlan({ world, calendar, actor: desk });
  plan.at(0, "14:00", "16:00", "Comité de direction", { visibility: "private" });
  plan.at(2, "09:00", "10:00", "Présentation produit");
  plan.at(8, "11:00", "12:00", "Réservée");
}

function seedHolidays(world: World): void {
  const calendar = addCalendar(world, {
    id: "fr.french#holiday@group.v.calendar.google.com",
    owner: "holidays@google.invalid",
    summary: "Jours fériés en France",
    description: "Jours fériés et fêtes légales en France",
    timeZone: "Europe/Paris",
    kind: "generated",
  });
  share(world, calendar, ALICE.email, "reader");
  const year = world.google.clock.now().getUTCFullYear();
  for (const one of [year - 1, year, year + 1])
    for (const holiday of HOLIDAYS) addHoliday(world, calendar, one, holiday);
}

function addHoliday(
  world: World,
  calendar: CalendarState,
  year: number,
  [day, summary]: readonly [string, string],
): void {
  const date = `${year}-${day}`;
  const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
  const stamp = world.google.clock.now().toISOString();
  const person = { email: calendar.id };
  calendar.put({
    id: `${year}${day.replace("-", "")}_holiday`,
    status: "confirmed",
    sequence: 0,
    iCalUID: `${year}${day.replace("-", "")}_holiday@google.com`,
    created: stamp,
    updated: stamp,
    creator: person,
    organizer: person,
    fields: {
      summary,
      start: { date },
      end: { date: next },
      transparency: "transparent",
      visibility: "public",
    },
  });
}

function seedBob(desk: Desk): void {
  const plan = createSeedPlan(desk);
  plan.at(-7, "09:00", "09:15", "Standup", { recurrence: ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"] });
  plan.at(1, "13:00", "14:00", "Lunch with Sam");
  plan.at(3, "15:30", "16:30", "Doctor", { visibility: "private" });
  plan.at(8, "11:00", "12:00", "Budget review", { attendees: [accepted(BOB), accepted(ALICE)] });
  plan.day(11, 1, "Day off", { eventType: "default" });
}

function accepted(person: Person) {
  return { ...person, responseStatus: "accepted" as const };
}

function occurrenceAfter(series: StoredEvent, days: number): string {
  return instanceId(series.id, occurrenceKey(daysLater(series.fields.start, days), false));
}

function moveOccurrence(desk: Desk, series: StoredEvent, days: number, minutes: number): void {
  const timeZone = series.fields.start?.timeZone ?? "UTC";
  const [start, end] = [series.fields.start, series.fields.end].map((time) => ({
    dateTime: formatInstant(daysLater(time, days) + minutes * 60_000, timeZone),
    timeZone,
  }));
  simulateEdit(desk, occurrenceAfter(series, days), { start, end });
}

/** The same reading of the clock, days later. */
function daysLater(time: EventDateTime | null | undefined, days: number): number {
  const zone = time?.timeZone ?? "UTC";
  return instantOfWall(zone, wallOfInstant(zone, instantOf(time ?? {}, zone)) + days * 86_400_000);
}
