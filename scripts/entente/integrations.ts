import { calendarConnections } from "@/db/schema/connections";
import { listConnections } from "@/lib/connections/queries";
import { operatorCtx } from "@/lib/organizations/operator";
import { type Command, optional, table } from "./command";

export const integrationsList: Command = {
  name: "integrations list",
  usage: "[--user ID]",
  summary: "Lists connected accounts of all users, or of one.",
  options: { user: { type: "string" } },
  async run(place, values) {
    const { services } = await place.runtime();
    const wanted = optional(values, "user");
    const owners =
      wanted === undefined
        ? await services.db.selectDistinct({ userId: calendarConnections.userId }).from(calendarConnections)
        : [{ userId: wanted }];
    const found = [];
    for (const { userId } of owners) {
      const ctx = await operatorCtx(services.db, userId, place.now);
      for (const connection of await listConnections(services, ctx)) found.push({ userId, ...connection });
    }
    const rows = found.map((one) => [
      one.id,
      one.provider,
      one.accountEmail,
      one.statusReason === null ? one.status : `${one.status} (${one.statusReason})`,
      one.userId,
    ]);
    const heading = ["INTEGRATION", "PROVIDER", "ACCOUNT", "STATUS", "USER"];
    return { json: found, text: rows.length === 0 ? "No integrations." : table(heading, rows) };
  },
};
