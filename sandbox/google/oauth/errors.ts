/** An error of the token, revocation or tokeninfo endpoint: `{ error, error_description }`. */
export function oauthError(
  status: number,
  error: string,
  description?: string,
  headers: Record<string, string> = {},
): Response {
  const body = { error, ...(description !== undefined && { error_description: description }) };
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });
}

export const invalidGrant = (description: string) => oauthError(400, "invalid_grant", description);
export const invalidRequest = (description: string) => oauthError(400, "invalid_request", description);
export const clientNotFound = () => oauthError(401, "invalid_client", "The OAuth client was not found.");
export const wrongSecret = () => oauthError(401, "invalid_client", "The provided client secret is invalid.");
export const policyEnforced = () =>
  oauthError(
    400,
    "admin_policy_enforced",
    "Access to your account data is restricted by policies within your organization.",
  );
export const unavailable = () =>
  oauthError(503, "temporarily_unavailable", "The service is currently unavailable.");
