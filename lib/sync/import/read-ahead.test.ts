import { describe, expect, it } from "vitest";
import { readAhead } from "@/lib/sync/import/read-ahead";

async function* pages(log: string[], fails = false) {
  try {
    for (const page of [1, 2, 3]) {
      log.push(`read ${page}`);
      yield page;
    }
    if (fails) throw new Error("page 4");
  } finally {
    log.push("closed");
  }
}

describe("reading ahead", () => {
  it("asks for one page more than was taken, in order", async () => {
    const log: string[] = [];
    for await (const page of readAhead(pages(log))) log.push(`took ${page}`);
    expect(log).toEqual(["read 1", "read 2", "took 1", "read 3", "took 2", "closed", "took 3"]);
  });

  it("hands on a failure only after the pages before it", async () => {
    const taken: number[] = [];
    const reading = (async () => {
      for await (const page of readAhead(pages([], true))) taken.push(page);
    })();
    await expect(reading).rejects.toThrow("page 4");
    expect(taken).toEqual([1, 2, 3]);
  });

  it("closes the source when the reader leaves early", async () => {
    const log: string[] = [];
    await expect(
      (async () => {
        for await (const _ of readAhead(pages(log))) throw new Error("fenced");
      })(),
    ).rejects.toThrow("fenced");
    expect(log.at(-1)).toBe("closed");
  });
});
