import { expect, it } from "vitest";
import { isDatabaseGone, sqlState } from "@/db/transaction";

const coded = (code: string, cause?: Error) => Object.assign(new Error("failed", { cause }), { code });
const wrapped = (cause: Error, name = "Error") => Object.assign(new Error("wrapped", { cause }), { name });

it("finds a database's word through wrappers, and takes no socket's for one", () => {
  expect(sqlState(wrapped(coded("23505")))).toBe("23505");
  expect(sqlState(coded("EPIPE"))).toBeNull();
  expect(sqlState(coded("ECONNRESET", coded("57P01")))).toBe("57P01");
});

it.each(["ECONNREFUSED", "EPIPE", "CONNECT_TIMEOUT", "CONNECTION_CLOSED", "57P03", "53300", "08006"])(
  "knows by %s that the database is gone",
  (code) => expect(isDatabaseGone(wrapped(coded(code)))).toBe(true),
);

it.each(["23505", "57014", "40P01"])("knows that it is there when it says %s", (code) =>
  expect(isDatabaseGone(coded(code))).toBe(false),
);

it.each(["ProviderError", "OutboundError"])("takes a vendor that is gone (%s) for no database", (name) =>
  expect(isDatabaseGone(wrapped(coded("ECONNREFUSED"), name))).toBe(false),
);
