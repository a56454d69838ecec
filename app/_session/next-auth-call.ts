import type { NextApiRequest, NextApiResponse } from "next";
import type { AuthOptions } from "next-auth";
import NextAuth from "next-auth/next";

export interface AuthCall {
  action: string[];
  method: string;
  query: Record<string, string>;
  cookies: Record<string, string>;
  body: Record<string, string>;
}

/**
 * Runs next-auth on a request we compose: it sees the cookies and parameters we pass on and nothing else, and its
 * own address is the configured one whatever `Host` says.
 */
export async function callNextAuth(
  call: AuthCall,
  appOrigin: string,
  options: AuthOptions,
): Promise<Response> {
  // biome-ignore lint/style/noProcessEnv: next-auth reads its own address from here and nowhere else
  process.env.NEXTAUTH_URL = appOrigin;
  const request = {
    method: call.method,
    headers: {},
    cookies: call.cookies,
    body: call.body,
    query: { ...call.query, nextauth: call.action },
  };
  const answer = recorder();
  // The two shapes hold every member next-auth's handler for API routes touches (next-auth/src/next/index.ts).
  await NextAuth(request as unknown as NextApiRequest, answer as unknown as NextApiResponse, options);
  return answer.response();
}

function recorder() {
  const headers = new Headers();
  let status = 200;
  let body: string | null = null;
  const recorded = {
    status(code: number) {
      status = code;
      return recorded;
    },
    getHeader: (name: string) => (name === "Set-Cookie" ? headers.getSetCookie() : headers.get(name)),
    setHeader(name: string, value: string | string[]) {
      headers.delete(name);
      for (const one of [value].flat()) headers.append(name, one);
      return recorded;
    },
    end: () => undefined,
    json: (value: unknown) => write(JSON.stringify(value), "application/json"),
    send: (value: unknown) =>
      typeof value === "string" ? write(value, "text/plain") : recorded.json(value ?? {}),
    response: () => new Response(body, { status, headers }),
  };
  function write(text: string, type: string) {
    body = text;
    if (!headers.has("Content-Type")) headers.set("Content-Type", type);
  }
  return recorded;
}
