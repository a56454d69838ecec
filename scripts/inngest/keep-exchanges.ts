import { root } from "../lib/paths";
import type { Exchange } from "./relay";

/** Headers that say something of the protocol; the others are the transport's or a page's. */
const KEPT =
  /^(x-inngest-|x-request-id$|x-run-id$|authorization$|content-type$|retry-after$|user-agent$|host$|account-id$)/;

/** One of each kind, without what differs from machine to machine. */
export function keepExchanges(exchanges: readonly Exchange[]): Exchange[] {
  const seen = new Set<string>();
  return exchanges.flatMap((exchange) => {
    const kind = kindOf(exchange);
    if (seen.has(kind)) return [];
    seen.add(kind);
    const { request, response } = exchange;
    return [
      {
        ...exchange,
        request: { ...request, headers: keptOf(request.headers) },
        response: { ...response, headers: keptOf(response.headers), body: withoutPlaces(response.body) },
      },
    ];
  });
}

function keptOf(headers: Exchange["request"]["headers"]): Exchange["request"]["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT.test(name)));
}

/** Only what the app answers or asks has places in it, and nobody checks a signature over that later. */
function withoutPlaces(body: string): string {
  return body.replaceAll(root, "").replaceAll(/"stack":"(?:[^"\\]|\\.)*"/g, '"stack":"Error"');
}

function kindOf({ from, request, response }: Exchange): string {
  const path = request.path.replace(/(checkpoint\/)[^/]+/, "$1RUN").replace(/^(\/e\/).*/, "$1KEY");
  const ops = [...`${request.body}${response.body}`.matchAll(/"op":"(\w+)"/g)].map(([, op]) => op);
  const attempt = /"attempt":(\d+)/.exec(request.body)?.[1] ?? "";
  const names = path.startsWith("/e/")
    ? [...request.body.matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name)
    : [];
  return [from, request.method, path, response.status, ...ops, attempt, ...names].join(" ");
}
