import { OPERATOR } from "@/lib/organizations/operator";
import { createUser } from "@/lib/organizations/users";
import { OperatorError } from "../lib/operator-error";
import { type Command, oneOf, optional, required } from "./command";

export const userCreate: Command = {
  name: "user create",
  usage:
    "--email E --name N --time-zone Z [--handle H] [--organization ID|NAME] [--role admin|provider] [--locale en|fr] [--issuer I --subject S]",
  summary: "Makes a user and prints the id. Without issuer and subject the user has the API only.",
  options: {
    email: { type: "string" },
    name: { type: "string" },
    "time-zone": { type: "string" },
    handle: { type: "string" },
    organization: { type: "string" },
    role: { type: "string" },
    locale: { type: "string" },
    issuer: { type: "string" },
    subject: { type: "string" },
  },
  async run(place, values) {
    const [issuer, subject] = [optional(values, "issuer"), optional(values, "subject")];
    if ((issuer === undefined) !== (subject === undefined)) {
      throw new OperatorError("--issuer and --subject belong together.");
    }
    const [role, locale] = [optional(values, "role"), optional(values, "locale")];
    const wish = {
      email: required(values, "email"),
      name: required(values, "name"),
      timeZone: required(values, "time-zone"),
      handle: optional(values, "handle"),
      organization: optional(values, "organization"),
      role: role === undefined ? undefined : oneOf(["admin", "provider"], "role", role),
      locale: locale === undefined ? undefined : oneOf(["en", "fr"], "locale", locale),
      identity: issuer === undefined || subject === undefined ? undefined : { issuer, subject },
    };
    const user = await createUser(await place.database(), wish, { actor: OPERATOR, now: place.now });
    return { json: user, text: user.id };
  },
};
