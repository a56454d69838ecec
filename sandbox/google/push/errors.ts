import { Refusal } from "../../core/context";
import { badRequest } from "../calendar/errors";
import { googleError } from "../errors";

export function channelIdNotUnique(id: string): Refusal {
  return badRequest(`Channel id ${id} not unique`, undefined, "channelIdNotUnique");
}

export function callbackMustBeHttps(address: string): Refusal {
  return badRequest(`WebHook callback must be HTTPS: ${address}`, undefined, "push.webhookUrlNotHttps");
}

/** Holidays, birthdays and the like. The body is the one quoted in KeepSoftwareSimple/compass-calendar#2111. */
export function pushNotSupported(): Refusal {
  return new Refusal(
    googleError({
      status: 400,
      domain: "calendar",
      reason: "pushNotSupportedForRequestedResource",
      message: "Push notifications are not supported by this resource.",
    }),
  );
}

export function channelNotFound(id: string, clientId: string): Refusal {
  const message = `Channel '${id}' not found for project '${clientId}'`;
  return new Refusal(googleError({ status: 404, reason: "notFound", message }));
}
