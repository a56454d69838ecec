/**
 * Sends a form to next-auth with its anti-forgery token, as its own client does, without shipping that client.
 * Resolves to the address to go to next. Rejects when the server does not answer as expected.
 */
export async function postToAuth(action: string, callbackUrl: string): Promise<string> {
  const tokenResponse = await fetch("/api/auth/csrf", { cache: "no-store" });
  const token = (await tokenResponse.json()) as { csrfToken: string };
  const response = await fetch(`/api/auth/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ csrfToken: token.csrfToken, callbackUrl, json: "true" }),
  });
  if (!response.ok) throw new Error(`Authentication endpoint answered ${response.status}`);
  const answer = (await response.json()) as { url: string };
  return answer.url;
}
