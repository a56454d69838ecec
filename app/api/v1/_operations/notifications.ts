import { z } from "zod";
import { idParams, listQuery } from "@/app/_session/api-list";
import { instantOut, listOf } from "@/app/api/v1/_operations/fields";
import { operation } from "@/app/api/v1/_operations/operation";

const tag = "Notifications";

const notification = z
  .strictObject({
    id: z.uuid(),
    kind: z.enum([
      "reconnect_required",
      "conflict_detected",
      "export_failed",
      "sync_failing",
      "bulk_change_held",
      "blocked_by_policy",
      "operator",
    ]),
    title: z.string().describe("In the person's language, like `body` and the action's `label`"),
    body: z.string(),
    action: z.strictObject({
      label: z.string(),
      href: z.string().startsWith("/").describe("A path of this installation, for its person's browser"),
    }),
    subject: z.strictObject({
      type: z.enum(["integration", "calendar", "booking", "bulk_change", "installation"]),
      id: z.string(),
    }),
    createdAt: instantOut,
    readAt: instantOut.nullable(),
    resolvedAt: instantOut.nullable().describe("Since then it is no longer true and asks for nothing"),
  })
  .meta({ id: "Notification" });

export const listOwnNotifications = operation({
  id: "listNotifications",
  method: "GET",
  path: "/notifications",
  tag,
  summary: "What needs the person, newest first; what is over stays in the list for 90 days.",
  scope: "read",
  query: z.object({
    ...listQuery.shape,
    unread: z
      .enum(["true", "false"])
      .transform((value) => value === "true")
      .optional()
      .describe("`true`: only what is neither read nor over"),
  }),
  answer: listOf(notification),
});

export const readNotification = operation({
  id: "readNotification",
  method: "POST",
  path: "/notifications/{id}/read",
  tag,
  summary: "Marks a notification as read. Again: the same answer.",
  scope: "write",
  params: idParams,
  answer: notification,
});
