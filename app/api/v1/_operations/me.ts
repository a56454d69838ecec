import { z } from "zod";
import { operation } from "@/app/api/v1/_operations/operation";
import { meChange } from "@/lib/organizations/me";

const me = z
  .strictObject({
    id: z.uuid(),
    handle: z.string(),
    name: z.string(),
    email: z.string(),
    timeZone: z.string().describe("IANA"),
    locale: z.enum(["en", "fr"]),
    organization: z.strictObject({ id: z.uuid(), name: z.string(), role: z.enum(["admin", "provider"]) }),
  })
  .meta({ id: "Me" });

export const readMe = operation({
  id: "getMe",
  method: "GET",
  path: "/me",
  tag: "Me",
  summary: "Who the key or session belongs to.",
  scope: "read",
  answer: me,
});

export const changeMe = operation({
  id: "updateMe",
  method: "PATCH",
  path: "/me",
  tag: "Me",
  summary: "Changes what is given. Whole days of time off follow a new time zone.",
  scope: "write",
  body: meChange,
  answer: me,
  refusals: ["conflict"],
});
