import type { World } from "../calendar/world";
import { type Channel, resourceKey } from "./model";
import type { Push } from "./push";

/** Turns the calendar's changes into messages: what is written in one go is one message for each channel. */
export function listenToChanges(push: Push): void {
  const { world, channels } = push;
  const changed = new Set<string>();
  const flush = () => {
    const resources = [...changed];
    changed.clear();
    for (const resource of resources) for (const channel of channels.on(resource)) notify(push, channel);
  };
  world.listeners.add((change) => {
    const resource = resourceKey(
      "calendarId" in change ? { ...change, account: "" } : { account: change.listOf },
    );
    if (!channels.watches(resource)) return;
    if (changed.size === 0) queueMicrotask(flush);
    changed.add(resource);
  });
  world.google.vault.onRevoke((account, clientId) => {
    for (const channel of channels.list()) {
      if (channel.account !== account || (clientId ?? channel.clientId) !== channel.clientId) continue;
      cutOff(push, channel);
    }
  });
}

// After a revocation nobody can stop the channel, and it says nothing of its end.
function cutOff({ channels, outbox }: Push, channel: Channel): void {
  outbox.drop(channel);
  if (channel.ended === undefined) channels.end(channel, "revoked");
  else channels.silence(channel);
}

function notify({ world, channels, outbox }: Push, channel: Channel): void {
  if (channel.expiration <= world.google.clock.ms()) {
    channels.silence(channel);
  } else if (channel.ended !== undefined) {
    outbox.post(channel, "exists");
    channels.silence(channel);
  } else if (isLost(world, channel)) {
    outbox.post(channel, "not_exists");
    channels.end(channel, "gone");
  } else {
    outbox.post(channel, "exists");
  }
}

// For the account a calendar that is no longer shared with it is as gone as a deleted one.
function isLost({ calendars }: World, { calendarId, account }: Channel): boolean {
  if (calendarId === undefined) return false;
  const record = calendars.get(calendarId)?.record;
  return record === undefined || record.deleted || record.acl[account] === undefined;
}
