import { z } from "zod";
import { OUTCOMES } from "@/app/_components/connect/outcomes";
import { idField, idParams } from "@/app/_session/api-list";
import { instantOut } from "@/app/api/v1/_operations/fields";
import { vendor } from "@/app/api/v1/_operations/integration-schema";
import { operation } from "@/app/api/v1/_operations/operation";

const tag = "Connecting";

export const connectAccount = operation({
  id: "connect",
  method: "POST",
  path: "/integrations/{provider}/connect",
  tag,
  summary: "Makes a single-use address, good for ten minutes, where this person connects an account.",
  scope: "connect",
  // The folder is called `[id]`, as its neighbours need it.
  params: z.object({ id: vendor }),
  body: z
    .object({
      integrationId: idField.nullish().describe("Renews this connection instead of adding one"),
      returnTo: z.string().max(2000).nullish().describe("A path of this installation"),
    })
    .default({}),
  creates: true,
  answer: z.strictObject({ attemptId: z.uuid(), authorizationUrl: z.url(), expiresAt: instantOut }),
  refusals: ["provider_not_configured", "blocked_by_policy"],
});

export const readAttempt = operation({
  id: "getConnectAttempt",
  method: "GET",
  path: "/connect-attempts/{id}",
  tag,
  summary: "How an attempt to connect stands.",
  scope: "read",
  params: idParams,
  answer: z.strictObject({
    status: z.enum(["pending", "finished"]),
    outcome: z.enum(OUTCOMES).nullable(),
    integrationId: z.uuid().nullable(),
  }),
});
