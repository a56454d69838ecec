import type { CalendarState } from "./calendar-state";
import { badRequest, fullSyncRequired } from "./errors";
import { digest } from "./ids";
import type { ListParameters } from "./list-parameters";
import { decodeToken, epochOf, type SyncToken } from "./tokens";
import type { World } from "./world";

const DAY_MS = 86_400_000;

/** The token of an incremental list, or the refusal Google gives. */
export function checkSyncToken(
  world: World,
  calendar: CalendarState,
  account: string,
  parameters: ListParameters,
): SyncToken | undefined {
  if (parameters.syncToken === undefined) return undefined;
  const token = decodeToken<SyncToken>(parameters.syncToken);
  if (token === undefined) throw badRequest("Invalid sync token value.", "syncToken");
  const gone = () => fullSyncRequired(!world.switches.goneWithoutErrors());
  if (token.account !== account || token.calendarId !== calendar.id) throw gone();
  if (token.epoch !== epochOf(calendar.record, account) || token.seq > calendar.seq) throw gone();
  if (world.google.clock.ms() - token.issuedAt > world.switches.syncTokenDays() * DAY_MS) throw gone();
  if (parameters.pageToken !== undefined && world.goneOnNextPage.delete(calendar.id)) {
    calendar.changeRecord({ tokenEpoch: calendar.record.tokenEpoch + 1 }, world.google.clock.now());
    throw gone();
  }
  if (token.parameters !== digest(parameters.constant) && world.switches.parameterMismatch() === "reject") {
    throw badRequest("Sync token was issued for other parameters.", "syncToken", "badRequest");
  }
  return token;
}
