import { createHash } from "node:crypto";
import type { EventFields } from "./model";

interface CreateRequest {
  requestId?: string;
  conferenceSolutionKey?: { type?: string };
}

/** Conference data as it is stored after a write: ignored without version 1, created asynchronously with it. */
export function withConference(
  fields: EventFields,
  version: string | null,
  before: EventFields | undefined,
): EventFields {
  if (version !== "1") {
    const { conferenceData: _, ...rest } = fields;
    return before?.conferenceData === undefined ? rest : { ...rest, conferenceData: before.conferenceData };
  }
  const request = (fields.conferenceData as { createRequest?: CreateRequest } | undefined)?.createRequest;
  if (request === undefined) return fields;
  return { ...fields, conferenceData: { createRequest: { ...request, status: { statusCode: "pending" } } } };
}

/** What a pending conference looks like once it was created, undefined when there is none pending. */
export function createdConference(fields: EventFields): EventFields | undefined {
  const request = (
    fields.conferenceData as { createRequest?: CreateRequest & { status?: { statusCode: string } } } | null
  )?.createRequest;
  if (request?.status?.statusCode !== "pending") return undefined;
  const digits = createHash("sha256")
    .update(request.requestId ?? "")
    .digest("hex")
    .replace(/\d/g, "x");
  const conferenceId = `${digits.slice(0, 3)}-${digits.slice(3, 7)}-${digits.slice(7, 10)}`;
  const uri = `https://meet.google.com/${conferenceId}`;
  return {
    conferenceData: {
      createRequest: { ...request, status: { statusCode: "success" } },
      entryPoints: [{ entryPointType: "video", uri, label: uri.slice(8) }],
      conferenceSolution: { key: { type: "hangoutsMeet" }, name: "Google Meet" },
      conferenceId,
    },
  };
}
