/** What stands against a booking's event in a calendar, and what helps. Pages translate by the code. */
const TEXTS: Record<string, { message: string; fix: string }> = {
  moved_externally: {
    message: "Its event was moved in the calendar.",
    fix: "Move the booking as well, or write it to the calendar again.",
  },
  edited_externally: {
    message: "Its event was changed in the calendar.",
    fix: "Leave it as it is, or write it to the calendar again.",
  },
  deleted_externally: {
    message: "Its event was deleted in the calendar.",
    fix: "Cancel the booking, or write it to the calendar again.",
  },
  relocated_externally: {
    message: "Its event was moved to another calendar.",
    fix: "Leave it there, or write it to the calendar again.",
  },
  no_longer_updated: {
    message: "Its event stays as it is: bookings are no longer added to this calendar.",
    fix: "Nothing to do; to have it kept up again, choose this calendar for bookings.",
  },
  reauthorization_required: {
    message: "The calendar account no longer accepts our access.",
    fix: "Reconnect the account on the integrations page; what is missing follows by itself.",
  },
  access_token_rejected: {
    message: "The calendar account refused the access it had given.",
    fix: "Reconnect the account on the integrations page; what is missing follows by itself.",
  },
  scope_missing: {
    message: "The account may not write to the calendar: that permission was not granted or was taken back.",
    fix: "Reconnect the account and tick every box on the consent page.",
  },
  permission_denied: {
    message: "The calendar can no longer be written to with this account.",
    fix: "Ask its owner for the right to change events, or choose another calendar for bookings.",
  },
  admin_policy: {
    message: "The account's organization does not allow this access.",
    fix: "Ask the administrator of that account to allow Entente.",
  },
  blocked_by_policy: {
    message: "Your organization does not allow this integration.",
    fix: "Ask your administrator.",
  },
  not_found: {
    message: "The calendar for bookings no longer exists or is no longer shared.",
    fix: "Choose another calendar for bookings on the integrations page.",
  },
  rate_limited: {
    message: "The calendar service asked us to slow down.",
    fix: "Nothing to do: it is tried again by itself.",
  },
  quota_exhausted: {
    message: "The calendar service takes no more events for now.",
    fix: "Nothing to do: it is tried again by itself when the quota is renewed.",
  },
  transient: {
    message: "The calendar service could not be reached or had a fault of its own.",
    fix: "Nothing to do: it is tried again by itself.",
  },
  misconfigured: {
    message: "This installation's access to the calendar service is not set up properly.",
    fix: "An administrator must check the client id, its secret and the enabled APIs.",
  },
};

const UNKNOWN = {
  message: "The event could not be written.",
  fix: "Write it to the calendar again; tell support if it stays.",
};

export function describeExportError(code: string): { code: string; message: string; fix: string } {
  return { code, ...(TEXTS[code] ?? UNKNOWN) };
}
