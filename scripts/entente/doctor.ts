import { EnvironmentError } from "@/lib/platform/env";
import { describeFailure } from "../lib/output";
import type { Command } from "./command";
import {
  type Check,
  checkBacklog,
  checkClock,
  checkConnections,
  checkKeys,
  checkMail,
  checkProviders,
  checkPush,
  checkRequests,
  checkSchedule,
} from "./doctor-checks";
import type { Place } from "./place";

export const doctor: Command = {
  name: "doctor",
  usage: "",
  summary: "Checks environment, database, keys, providers and backlog. Fails when something is broken.",
  options: {},
  async run(place) {
    const checks = await examine(place);
    const text = checks
      .map(({ code, status, detail }) => `${status.padEnd(8)} ${code}: ${detail}`)
      .join("\n");
    return { json: { checks }, text, failed: checks.some((check) => check.status === "failed") };
  },
};

async function examine(place: Place): Promise<Check[]> {
  const database = await attempt("database", async () => {
    await place.database();
    return { status: "ok", detail: "reachable, migrated" };
  });
  if (database.status === "failed") return [database];
  const environment = await attempt("environment", async () => {
    const { env } = await place.runtime();
    return { status: "ok", detail: `${env.APP_URL}, jobs ${env.JOBS}, sign-up ${env.SIGNUP}` };
  });
  if (environment.status === "failed") return [database, environment];
  const { services, identities } = await place.runtime();
  return [
    database,
    environment,
    await attempt("clock", () => checkClock(services)),
    await attempt("keys", () => checkKeys(services)),
    ...(await Promise.all(
      identities.map((identity) => attempt(`provider ${identity.vendor}`, () => checkProviders(identity))),
    )),
    await attempt("connections", () => checkConnections(services)),
    await attempt("push", () => checkPush(services)),
    await attempt("mail", () => checkMail(services)),
    await attempt("backlog", () => checkBacklog(services)),
    await attempt("schedule", () => checkSchedule(services)),
    await attempt("requests", () => checkRequests(services)),
  ];
}

async function attempt(code: string, look: () => Promise<Omit<Check, "code">>): Promise<Check> {
  try {
    return { code, ...(await look()) };
  } catch (error) {
    const said = error instanceof EnvironmentError ? error.faults.join("; ") : describeFailure(error);
    return { code, status: "failed", detail: said.split("\n    at ")[0] ?? said };
  }
}
