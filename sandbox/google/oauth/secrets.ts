import { createHash, randomBytes } from "node:crypto";

// Every secret carries the word SECRET so that tests can search logs and databases for leaks.
const random = () => randomBytes(24).toString("base64url");

export const newAccessToken = () => `ya29.SECRET-${random()}`;
export const newRefreshToken = () => `1//SECRET-${random()}`;
export const newCode = () => `4/0SECRET-${random()}`;
export const newFlowId = () => random();

export function sha256Base64Url(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
