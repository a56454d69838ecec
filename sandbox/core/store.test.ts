import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStore } from "./store";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "store-"));
  file = join(directory, "state.jsonl");
});
afterEach(() => rmSync(directory, { recursive: true }));

test("A store opened again holds what was set, touched and deleted", () => {
  const store = createStore({ file });
  const people = store.collection<{ name: string }>("people");
  people.set("a", { name: "Ann" });
  people.set("b", { name: "Ben" });
  const person = people.get("a");
  if (person !== undefined) person.name = "Anna";
  people.touch("a");
  people.delete("b");
  const counter = store.section<{ count: number }>("counter", { initial: () => ({ count: 0 }) });
  counter.value.count = 3;
  counter.touch();
  store.close();

  const again = createStore({ file });
  expect([...again.collection("people").entries()]).toEqual([["a", { name: "Anna" }]]);
  expect(again.section("counter", { initial: () => ({ count: 0 }) }).value).toEqual({ count: 3 });
  again.close();
});

test("A journal of many changes to few values is compacted", () => {
  const store = createStore({ file });
  const values = store.collection<number>("values");
  for (let round = 0; round < 25_000; round += 1) {
    values.set(`k${round % 10}`, round);
    if (round % 10 === 9) store.flush();
  }
  store.close();
  const lines = readFileSync(file, "utf8").trim().split("\n");
  expect(lines.length).toBeLessThan(20_001);
  const again = createStore({ file });
  expect(again.collection("values").get("k9")).toBe(24_999);
  again.close();
});

test("Emptying the store empties the journal, too", () => {
  const store = createStore({ file });
  store.collection("things").set("x", 1);
  store.flush();
  store.reset();
  store.close();
  const again = createStore({ file });
  expect(again.collection("things").size).toBe(0);
  again.close();
});

test("A store without a file keeps everything in memory", () => {
  const store = createStore({});
  store.collection("things").set("x", 1);
  expect(store.collection("things").get("x")).toBe(1);
  store.close();
});
