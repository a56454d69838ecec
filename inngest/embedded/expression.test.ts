import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileCondition, compileValue } from "@/inngest/embedded/expression";

const scope = {
  event: { name: "go", data: { id: "x", n: 3, ok: true, gone: null, deep: { er: "y" } } },
  async: { data: { id: "x", n: 4, deep: { er: "z" } } },
};

describe("a condition", () => {
  it.each([
    ["event.data.id == async.data.id", true],
    ["event.data.id != async.data.id", false],
    ["event.data.deep.er == async.data.deep.er", false],
    ["event.name == 'go' && event.data.n == 3", true],
    ['event.data.id == "y" || event.data.ok == true', true],
    ["event.data.id == 'y' || event.data.ok == false && event.data.n == 3", false],
    ["(event.data.id == 'y' || event.data.ok == true) && event.data.n == 3.0", true],
    ["event.data.gone == null", true],
    ["event.data.missing == null", true],
    ["event.data.missing == async.data.missing", false],
    ["event.data.deep == async.data.deep", false],
    ["event.data.n == '3'", false],
    ["event.data.constructor == null", true],
    ["-1 != event.data.n", true],
  ])("%s is %s", (source, expected) => {
    expect(compileCondition(source, ["event", "async"]).matches(scope)).toBe(expected);
  });

  it.each([
    "",
    "event.data.n > 3",
    "event.data.id",
    "event.data.list[0] == 1",
    "size(event.data.id) == 1",
    "event.data.id == 'x' extra",
    "(event.data.id == 'x'",
    "process.env == 'x'",
    "event == async",
    "!event.data.ok",
    "event.data.id == 'it\\'s'",
    "event.data.id == 12ab",
  ])("refuses %j", (source) => {
    expect(() => compileCondition(source, ["event", "async"])).toThrow("is not supported");
  });

  it("knows async only where another event comes in", () => {
    expect(() => compileCondition("async.data.id == 'x'", ["event"])).toThrow("async.data.id");
  });

  it("names the paths it joins on, whichever side they stand", () => {
    const join = { event: ["data", "id"], async: ["data", "key", "id"] };
    const compile = (source: string) => compileCondition(source, ["event", "async"]).join;
    expect(compile("event.data.id == async.data.key.id")).toEqual(join);
    expect(compile("async.data.key.id == event.data.id")).toEqual(join);
    expect(compile("event.data.id == async.data.key.id && async.data.ok == true")).toBeUndefined();
    expect(compile("event.data.id == event.data.other")).toBeUndefined();
  });

  it("never does anything but answer or refuse, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), (source) => {
        try {
          expect(typeof compileCondition(source, ["event", "async"]).matches(scope)).toBe("boolean");
        } catch (error) {
          expect(error).toMatchObject({ name: "UnsupportedExpressionError" });
        }
      }),
    );
  });
});

describe("a key", () => {
  it("is a path below the event, or a literal", () => {
    expect(compileValue("event.data.deep.er")(scope.event)).toBe("y");
    expect(compileValue("'fixed'")(scope.event)).toBe("fixed");
    expect(compileValue("120")(scope.event)).toBe(120);
    expect(compileValue("event.data.missing")(scope.event)).toBeUndefined();
  });

  it("is nothing composed", () => {
    expect(() => compileValue("event.data.a + event.data.b")).toThrow("is not supported");
    expect(() => compileValue("event.data.a == 'x'")).toThrow("is not supported");
  });
});
