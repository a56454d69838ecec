import { DrizzleQueryError } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { describeError } from "@/lib/platform/log";

describe("an error in the log", () => {
  it("says which statement failed and why, never with which values", () => {
    const cause = Object.assign(new Error("value too long"), { code: "22001" });
    const values = ["Oncology appointment\nwith Dr. Roy", "kim@example.test"];
    const described = describeError(
      new DrizzleQueryError("insert into events values ($1, $2)", values, cause),
    );
    expect(described).toMatchObject({
      message: "Failed query: insert into events values ($1, $2)\nparams: [redacted]",
      cause: { message: "value too long", code: "22001" },
    });
    expect(JSON.stringify(described)).not.toMatch(/Oncology|Roy|kim@/);
  });

  it("carries no token, wherever it stood", () => {
    const inner = new Error("sent Bearer abc.def-ghi");
    const text = JSON.stringify(describeError(new Error("ya29.secret1 and 1//refresh-2", { cause: inner })));
    expect(text).not.toMatch(/secret1|refresh-2|def-ghi/);
  });
});
