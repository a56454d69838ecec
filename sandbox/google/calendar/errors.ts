import { Refusal } from "../../core/context";
import { googleError } from "../errors";

/** 400 for a parameter or a field of the body; `location` is its name. */
export function badRequest(message: string, location?: string, reason = "invalid"): Refusal {
  return new Refusal(
    googleError({ status: 400, reason, message, ...(location && { locationType: "parameter", location }) }),
  );
}

export function timeRangeEmpty(): Refusal {
  return new Refusal(
    googleError({
      status: 400,
      domain: "calendar",
      reason: "timeRangeEmpty",
      message: "The specified time range is empty.",
      locationType: "parameter",
      location: "timeMax",
    }),
  );
}

/** 403 with one of the calendar's own reasons. */
export function forbidden(reason: string, message: string, domain = "calendar"): Refusal {
  return new Refusal(googleError({ status: 403, domain, reason, message }));
}

export function requiresWriter(): Refusal {
  return forbidden("requiredAccessLevel", "You need to have writer access to this calendar.");
}

export function notOrganizer(): Refusal {
  const message = "Shared properties can only be changed by the organizer of the event.";
  return forbidden("forbiddenForNonOrganizer", message);
}

export function notACalendarUser(): Refusal {
  return forbidden("notACalendarUser", "The user must be signed up for Google Calendar.");
}

export function quotaExceeded(): Refusal {
  return forbidden("quotaExceeded", "Calendar usage limits exceeded.", "usageLimits");
}

export function notFound(): Refusal {
  return new Refusal(googleError({ status: 404, reason: "notFound", message: "Not Found" }));
}

export function duplicate(): Refusal {
  const message = "The requested identifier already exists.";
  return new Refusal(googleError({ status: 409, reason: "duplicate", message }));
}

export function alreadyDeleted(): Refusal {
  return new Refusal(googleError({ status: 410, reason: "deleted", message: "Resource has been deleted" }));
}

export function conditionNotMet(): Refusal {
  return new Refusal(
    googleError({
      status: 412,
      reason: "conditionNotMet",
      message: "Precondition Failed",
      locationType: "header",
      location: "If-Match",
    }),
  );
}

/** 412 as it appears now and then on writes that set no condition. */
export function spuriousPrecondition(): Refusal {
  const message = "Precondition check failed.";
  return new Refusal(googleError({ status: 412, reason: "failedPrecondition", message }));
}

const FULL_SYNC_REQUIRED = "Sync token is no longer valid, a full sync is required.";

/** 410 of a list; without `errors` as some production bodies come. */
export function fullSyncRequired(withErrors: boolean): Refusal {
  if (!withErrors) {
    return new Refusal(Response.json({ error: { code: 410, message: FULL_SYNC_REQUIRED } }, { status: 410 }));
  }
  return new Refusal(
    googleError({
      status: 410,
      domain: "calendar",
      reason: "fullSyncRequired",
      message: FULL_SYNC_REQUIRED,
      locationType: "parameter",
      location: "syncToken",
    }),
  );
}

export function updatedMinTooLongAgo(): Refusal {
  return new Refusal(
    googleError({
      status: 410,
      domain: "calendar",
      reason: "updatedMinTooLongAgo",
      message: "The requested minimum modification time lies too far in the past.",
      locationType: "parameter",
      location: "updatedMin",
    }),
  );
}
