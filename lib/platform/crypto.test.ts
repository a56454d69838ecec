import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  createUserKey,
  equalSecrets,
  open,
  SealError,
  seal,
  unwrapUserKey,
  wrapUserKey,
} from "@/lib/platform/crypto";

const masters = [
  { id: "new", key: randomBytes(32) },
  { id: "old", key: randomBytes(32) },
];

describe("sealed values", () => {
  it("open with the same key and owner only", () => {
    const key = randomBytes(32);
    const sealed = seal("1//refresh", key, "connection:a");
    expect(open(sealed, key, "connection:a")).toBe("1//refresh");
    expect(() => open(sealed, key, "connection:b")).toThrow(SealError);
    expect(() => open(sealed, randomBytes(32), "connection:a")).toThrow(SealError);
  });

  it("differ for equal texts and reject any changed byte", () => {
    const key = randomBytes(32);
    const sealed = seal("same", key, "x");
    expect(seal("same", key, "x")).not.toBe(sealed);
    const bytes = Buffer.from(sealed.slice(3), "base64url");
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => open(`v1.${changed.toString("base64url")}`, key, "x")).toThrow(SealError);
    }
    for (const broken of ["", "v1", "v1.", "v2.abcd", "v1.short"])
      expect(() => open(broken, key, "x")).toThrow(SealError);
  });
});

describe("a user's key", () => {
  it("survives rotation of the master key", () => {
    const old = masters.slice(1);
    const { key, wrapped } = createUserKey("u1", old);
    const rewrapped = wrapUserKey(unwrapUserKey(wrapped, "u1", masters), "u1", masters);
    expect(rewrapped.keyId).toBe("new");
    expect(unwrapUserKey(rewrapped, "u1", masters.slice(0, 1)).equals(key)).toBe(true);
  });

  it("does not open for another user or with an unknown master key", () => {
    const { wrapped } = createUserKey("u1", masters);
    expect(() => unwrapUserKey(wrapped, "u2", masters)).toThrow(SealError);
    expect(() => unwrapUserKey(wrapped, "u1", masters.slice(1))).toThrow("master key new is not configured");
  });
});

it("compares secrets of different lengths without throwing", () => {
  expect(equalSecrets("a", "a")).toBe(true);
  expect(equalSecrets("a", "longer")).toBe(false);
});
