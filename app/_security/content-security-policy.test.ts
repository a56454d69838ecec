import { describe, expect, it } from "vitest";
import { contentSecurityPolicy } from "@/app/_security/content-security-policy";

const production = {
  nonce: "abc",
  formTargets: ["https://accounts.google.com"],
  https: true,
  development: false,
};

describe("the content security policy", () => {
  it("lets only scripts with the request's nonce run, and evaluates nothing in production", () => {
    const policy = contentSecurityPolicy(production);
    const scripts = policy.split("; ").find((directive) => directive.startsWith("script-src"));
    expect(scripts).toBe("script-src 'self' 'nonce-abc' 'strict-dynamic'");
  });

  it("forbids frames around a page and lets forms end at the vendors alone", () => {
    const policy = contentSecurityPolicy(production);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self' https://accounts.google.com");
  });

  it("upgrades requests only where the application itself is https", () => {
    expect(contentSecurityPolicy(production)).toContain("upgrade-insecure-requests");
    expect(contentSecurityPolicy({ ...production, https: false })).not.toContain("upgrade-insecure-requests");
  });
});
