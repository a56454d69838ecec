import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { MasterKey } from "@/lib/platform/secrets";

const VERSION = "v1";

/** A sealed value does not open: wrong key, wrong owner, or changed bytes. Never says which. */
export class SealError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "SealError";
  }
}

/** AES-256-GCM. `boundTo` (the owner's id) is authenticated, so a ciphertext moved to another row does not open. */
export function seal(plain: string, key: Buffer, boundTo: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(Buffer.from(boundTo));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url")}`;
}

export function open(sealed: string, key: Buffer, boundTo: string): string {
  const [version, encoded] = sealed.split(".");
  if (version !== VERSION || encoded === undefined) throw new SealError("unknown seal version");
  const bytes = Buffer.from(encoded, "base64url");
  if (bytes.length < 28) throw new SealError("sealed value is cut short");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(boundTo));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return decipher.update(bytes.subarray(28), undefined, "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw new SealError("sealed value does not open", { cause });
  }
}

export interface WrappedKey {
  keyId: string;
  wrapped: string;
}

/** A fresh key for one user, wrapped by the first master key. */
export function createUserKey(
  userId: string,
  masters: readonly MasterKey[],
): { key: Buffer; wrapped: WrappedKey } {
  const key = randomBytes(32);
  return { key, wrapped: wrapUserKey(key, userId, masters) };
}

export function wrapUserKey(key: Buffer, userId: string, masters: readonly MasterKey[]): WrappedKey {
  const [first] = masters;
  if (first === undefined) throw new SealError("no master key");
  return { keyId: first.id, wrapped: seal(key.toString("base64"), first.key, `user-key:${userId}`) };
}

export function unwrapUserKey(wrapped: WrappedKey, userId: string, masters: readonly MasterKey[]): Buffer {
  const master = masters.find((candidate) => candidate.id === wrapped.keyId);
  if (master === undefined) throw new SealError(`master key ${wrapped.keyId} is not configured`);
  return Buffer.from(open(wrapped.wrapped, master.key, `user-key:${userId}`), "base64");
}

/** 256 random bits, base64url: states, session tokens, API keys, channel secrets. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a random token. Plain SHA-256 is enough for 256 random bits. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}
