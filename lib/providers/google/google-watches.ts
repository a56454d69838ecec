import type { calendar_v3 } from "@googleapis/calendar";
import type { ChangeWatcher, GrantedWatch, WatchRequest } from "@/lib/providers/change-watcher";
import { googleApiError } from "@/lib/providers/google/errors";
import { authorized } from "@/lib/providers/google/google-calendar";
import { ProviderError, type ProviderErrorKind } from "@/lib/providers/provider-error";

/** Seven days are the default and the most that is granted. */
const LIFETIME_MS = 7 * 86_400_000;

const ENDED: ReadonlySet<ProviderErrorKind> = new Set(["not_found", "gone"]);

/**
 * Channels through Google's own client.
 * https://developers.google.com/workspace/calendar/api/guides/push
 */
export function createGoogleWatches(api: calendar_v3.Calendar): ChangeWatcher {
  return {
    path: "/api/webhooks/google",
    lifetimeMs: LIFETIME_MS,

    create: async (access, { externalId: calendarId }, request) => {
      try {
        const parameters = { calendarId, requestBody: channelOf(request) };
        return granted((await api.events.watch(parameters, authorized(access))).data);
      } catch (error) {
        throw googleApiError(error, "item");
      }
    },

    createForList: async (access, request) => {
      try {
        const parameters = { requestBody: channelOf(request) };
        return granted((await api.calendarList.watch(parameters, authorized(access))).data);
      } catch (error) {
        throw googleApiError(error, "item");
      }
    },

    stop: async (access, { externalId, resourceId }) => {
      try {
        await api.channels.stop({ requestBody: { id: externalId, resourceId } }, authorized(access));
      } catch (error) {
        const failure = googleApiError(error, "item");
        if (!ENDED.has(failure.kind)) throw failure;
      }
    },
  };
}

function channelOf({ id, secret, address, lifetimeMs }: WatchRequest): calendar_v3.Schema$Channel {
  const ttl = String(Math.floor(lifetimeMs / 1000));
  return { id, token: secret, type: "web_hook", address, params: { ttl } };
}

/** `expiration` is a text of milliseconds. */
function granted(data: calendar_v3.Schema$Channel | string | null): GrantedWatch {
  if (data === null || typeof data !== "object" || typeof data.id !== "string") {
    throw new ProviderError("malformed_response", { detail: "no_channel" });
  }
  const expiration = data.expiration == null ? Number.NaN : Number(data.expiration);
  return {
    externalId: data.id,
    resourceId: data.resourceId ?? null,
    expiresAt: Number.isFinite(expiration) ? new Date(expiration) : null,
  };
}
