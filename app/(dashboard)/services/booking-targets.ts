import type { ProviderName } from "@/app/_components/provider-name";
import type { ConnectionView } from "@/lib/connections/integration-view";

/** A calendar bookings are added to, with the account it belongs to. */
export interface BookingTarget {
  calendarId: string;
  name: string;
  account: string;
  provider: ProviderName;
  /** What keeps bookings from being added there. */
  hindrance: "read_only" | "export_off" | null;
}

type Connection = Pick<
  ConnectionView,
  "provider" | "accountEmail" | "nickname" | "status" | "settings" | "calendars"
>;

/**
 * Where bookings of a service are added: its own calendar in the account that has it, and in every other exporting
 * account the one chosen there. Its own one is told even when nothing can be added to it.
 */
export function bookingTargets(connections: readonly Connection[], own: string | null): BookingTarget[] {
  return connections
    .filter(({ status }) => status !== "disconnecting")
    .flatMap((connection) => {
      const exporting = connection.settings.exportEnabled;
      const chosen = connection.calendars.find(({ id }) => id === own);
      const usual = connection.calendars.find(({ id }) => id === connection.settings.targetCalendarId);
      const target = chosen ?? (exporting ? usual : undefined);
      return target === undefined ? [] : [toTarget(connection, target, exporting)];
    });
}

/** What the form offers: writable calendars, and `own` whatever became of it. */
export function offeredTargets(connections: readonly Connection[], own: string | null): BookingTarget[] {
  return connections
    .filter(({ status }) => status !== "disconnecting")
    .flatMap((connection) =>
      connection.calendars
        .filter(({ id, canWrite }) => canWrite || id === own)
        .map((calendar) => toTarget(connection, calendar, connection.settings.exportEnabled)),
    );
}

function toTarget(
  { provider, nickname, accountEmail }: Connection,
  { id, name, canWrite }: Connection["calendars"][number],
  exporting: boolean,
): BookingTarget {
  const account = nickname ?? accountEmail;
  const hindrance = canWrite ? (exporting ? null : "export_off") : "read_only";
  return { calendarId: id, name, account, provider, hindrance };
}
