import { z } from "zod";
import { idParams, listQuery } from "@/app/_session/api-list";
import { checkRange, listOf, rangeFields } from "@/app/api/v1/_operations/fields";
import { operation } from "@/app/api/v1/_operations/operation";
import { runStatus, runTrigger, syncRun } from "@/app/api/v1/_operations/run-schema";

export const readRun = operation({
  id: "getRun",
  method: "GET",
  path: "/runs/{id}",
  tag: "History",
  summary: "One run of a calendar's sync.",
  scope: "read",
  params: idParams,
  answer: syncRun,
});

export const listHistory = operation({
  id: "listHistory",
  method: "GET",
  path: "/integrations/{id}/history",
  tag: "History",
  summary: "Runs of a connection, newest first.",
  scope: "read",
  params: idParams,
  query: z
    .object({
      ...listQuery.shape,
      ...rangeFields,
      status: runStatus.optional(),
      trigger: runTrigger.optional(),
      calendarId: z.uuid().optional(),
    })
    .check(checkRange),
  answer: listOf(syncRun),
});
