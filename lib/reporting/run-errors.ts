/** What a failed run means and what helps. Pages translate by the code; the API speaks English. */
const TEXTS: Record<string, { message: string; fix: string }> = {
  reauthorization_required: {
    message: "The calendar account no longer accepts our access.",
    fix: "Reconnect the account on the integrations page.",
  },
  access_token_rejected: {
    message: "The calendar account refused the access it had given.",
    fix: "Reconnect the account on the integrations page.",
  },
  scope_missing: {
    message: "A permission this needs was not granted or was taken back.",
    fix: "Reconnect the account and tick every box on the consent page.",
  },
  admin_policy: {
    message: "The account's organization does not allow this access.",
    fix: "Ask the administrator of that account to allow Entente.",
  },
  permission_denied: {
    message: "This calendar may no longer be read with this account.",
    fix: "Ask its owner to share it again, or stop checking it.",
  },
  no_calendar_account: {
    message: "This account has no calendar.",
    fix: "Turn the calendar service on for the account, or connect another account.",
  },
  not_found: {
    message: "The calendar no longer exists or is no longer shared.",
    fix: "Nothing to do if that was meant; else ask its owner to share it again.",
  },
  rate_limited: {
    message: "The calendar service asked us to slow down.",
    fix: "Nothing to do: the sync goes on by itself.",
  },
  quota_exhausted: {
    message: "The calendar service's quota is used up for now.",
    fix: "Nothing to do: the sync goes on by itself when the quota is renewed.",
  },
  misconfigured: {
    message: "This installation's access to the calendar service is not set up properly.",
    fix: "An administrator must check the client id, its secret and the enabled APIs.",
  },
  transient: {
    message: "The calendar service could not be reached or had a fault of its own.",
    fix: "Nothing to do: the sync is tried again by itself.",
  },
  gone_cursor: {
    message: "The calendar service forgot where we were, twice in a row.",
    fix: "Nothing to do: the calendar is read again from the start.",
  },
  malformed_response: {
    message: "The calendar service answered something we do not understand.",
    fix: "The sync is tried again by itself; tell support if it stays.",
  },
  blocked_by_policy: {
    message: "Your organization does not allow this integration.",
    fix: "Ask your administrator.",
  },
  internal: {
    message: "Something went wrong on our side.",
    fix: "The sync is tried again by itself; tell support if it stays.",
  },
};

/** Where writing bookings into a calendar means something else than reading it. */
const EXPORT_TEXTS: typeof TEXTS = {
  permission_denied: {
    message: "The calendar for bookings may no longer be written to with this account.",
    fix: "Ask its owner for the right to change events, or choose another calendar for bookings.",
  },
  scope_missing: {
    message: "The account may not write to calendars: that permission was not granted or was taken back.",
    fix: "Reconnect the account and tick every box on the consent page.",
  },
  not_found: {
    message: "The calendar for bookings no longer exists or is no longer shared.",
    fix: "Choose another calendar for bookings.",
  },
  quota_exhausted: {
    message: "The calendar service takes no more events from this account for some hours.",
    fix: "Nothing to do: what is missing is added by itself.",
  },
};

const UNKNOWN = {
  message: "The sync failed.",
  fix: "It is tried again by itself; tell support if it stays.",
};

export function describeRunError(
  code: string,
  kind: "full" | "incremental" | "export" = "incremental",
): { message: string; fix: string } {
  return (kind === "export" ? EXPORT_TEXTS[code] : undefined) ?? TEXTS[code] ?? UNKNOWN;
}
