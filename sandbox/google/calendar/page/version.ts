import { digest } from "../ids";
import { listOf, type World } from "../world";

/** Changes whenever an account's page would look different: with each write, and each minute for the line of now. */
export function versionOf(world: World, account: string): string {
  const minute = Math.floor(world.google.clock.ms() / 60_000);
  const parts = [minute, world.accounts.size, world.accounts.get(account)?.entrySeq ?? 0];
  const calendars = [...listOf(world, account).keys()].map((id) => {
    const calendar = world.calendars.get(id);
    return [calendar?.seq, calendar?.updated, calendar?.record.version];
  });
  return digest(JSON.stringify([parts, calendars]));
}
