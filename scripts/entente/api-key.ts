import type { Database } from "@/db/client";
import { createApiKey, DEFAULT_SCOPES } from "@/lib/organizations/api-keys";
import { API_SCOPES } from "@/lib/organizations/context";
import { OPERATOR } from "@/lib/organizations/operator";
import { usersByEmail } from "@/lib/organizations/users";
import { isId } from "@/lib/platform/ids";
import { OperatorError } from "../lib/operator-error";
import { type Command, oneOf, optional, type Values } from "./command";

export const apiKeyCreate: Command = {
  name: "api-key create",
  usage: "--user ID | --email E [--scopes read,write,connect,admin]",
  summary: `Makes an API key and prints it, this once. Default scopes: ${DEFAULT_SCOPES.join(",")}.`,
  options: { user: { type: "string" }, email: { type: "string" }, scopes: { type: "string" } },
  async run(place, values) {
    const scopes = (optional(values, "scopes") ?? DEFAULT_SCOPES.join(","))
      .split(",")
      .map((scope) => oneOf(API_SCOPES, "scopes", scope.trim()));
    const db = await place.database();
    const userId = await findUser(db, values);
    const made = await createApiKey(db, { userId, scopes, actor: OPERATOR }, place.now);
    return { json: { ...made, userId }, text: made.key };
  },
};

async function findUser(db: Database, values: Values): Promise<string> {
  const [id, email] = [optional(values, "user"), optional(values, "email")];
  if ((id === undefined) === (email === undefined)) throw new OperatorError("Give either --user or --email.");
  if (id !== undefined) {
    if (!isId(id)) throw new OperatorError(`--user takes an id, not ${id}. Use --email for an address.`);
    return id;
  }
  const found = await usersByEmail(db, email ?? "");
  const [only] = found;
  if (only === undefined) throw new OperatorError(`No user has the address ${email}.`);
  if (found.length > 1) throw new OperatorError(`Several users have the address ${email}: give --user ID.`);
  return only;
}
