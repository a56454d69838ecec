import { z } from "zod";
import { instantOut } from "@/app/api/v1/_operations/fields";
import { HistoryFilter } from "@/lib/reporting/history";

export const runStatus = HistoryFilter.shape.status.unwrap();
export const runTrigger = HistoryFilter.shape.trigger.unwrap();

const runError = z.strictObject({
  code: z.string(),
  message: z.string(),
  fix: z.string(),
  retryAt: instantOut.nullable(),
});

const count = z.int().min(0);

export const syncRun = z
  .strictObject({
    id: z.uuid(),
    calendarId: z.uuid().nullable(),
    trigger: runTrigger,
    kind: z.enum(["full", "incremental", "export"]),
    status: runStatus,
    startedAt: instantOut,
    finishedAt: instantOut.nullable(),
    durationMs: count.nullable(),
    imported: count,
    updated: count,
    removed: count,
    unchanged: count,
    exported: count,
    attempts: count,
    error: runError.nullable(),
    repeats: z.int().min(1).describe("Quiet scheduled runs in a row that this one row stands for"),
    lastRunAt: instantOut,
  })
  .meta({ id: "SyncRun" });
