import type { SandboxContext } from "../../core/context";
import type { Google } from "../service";

const COOKIE = "sandbox_google_accounts";

/** The accounts signed in to in this browser, the latest first. */
export function signedIn({ accounts }: Google, c: SandboxContext): string[] {
  const value = new RegExp(`${COOKIE}=([^;]+)`).exec(c.req.header("cookie") ?? "")?.[1];
  if (value === undefined) return [];
  return decodeURIComponent(value)
    .split(" ")
    .filter((email) => accounts.get(email) !== undefined);
}

export function rememberSignIn(google: Google, c: SandboxContext, email: string): void {
  const emails = [email, ...signedIn(google, c).filter((other) => other !== email)];
  c.header(
    "set-cookie",
    `${COOKIE}=${encodeURIComponent(emails.join(" "))}; Path=/; HttpOnly; SameSite=Lax`,
    {
      append: true,
    },
  );
}
