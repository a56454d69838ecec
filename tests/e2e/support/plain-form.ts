import type { APIRequestContext, APIResponse } from "@playwright/test";
import { setting } from "./environment";
import { formPath, type Offer } from "./offer";

type Fields = Record<string, string>;

const ENTITIES: Fields = { "&quot;": '"', "&#x27;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&" };

function attribute(tag: string, name: string): string {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value.replace(/&(?:quot|#x27|lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

/** What a browser without scripts would send along unseen. */
export async function hiddenFields(request: APIRequestContext, address: string): Promise<Fields> {
  const html = await (await request.get(address)).text();
  const form = /<form[^>]*method="POST"[^>]*>[\s\S]*?<\/form>/i.exec(html)?.[0] ?? "";
  const inputs = [...form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => tag);
  return Object.fromEntries(inputs.map((tag) => [attribute(tag, "name"), attribute(tag, "value")]));
}

/** Sends a form as such a browser does. `origin: null` leaves the header out. */
export function sendForm(
  request: APIRequestContext,
  address: string,
  fields: Fields,
  origin: string | null = setting("E2E_APP_URL"),
): Promise<APIResponse> {
  const headers: Fields = origin === null ? {} : { origin };
  return request.post(address, { multipart: fields, headers, maxRedirects: 0 });
}

/** A client's booking of a slot, by default the soonest. Answers the path of their link. */
export async function bookSomething(
  request: APIRequestContext,
  offer: Offer,
  start?: string | undefined,
): Promise<string> {
  const address = formPath(offer.path, start ?? (await offer.starts())[0]);
  const hidden = await hiddenFields(request, address);
  const client = { name: "Ada Lovelace", email: "ada@example.test", phone: "", instructions: "" };
  const answer = await sendForm(request, address, { ...hidden, ...client });
  return answer.headers().location ?? "";
}

export async function cancelSomething(request: APIRequestContext, link: string): Promise<string> {
  const hidden = await hiddenFields(request, `${link}/cancel`);
  await sendForm(request, `${link}/cancel`, { ...hidden, reason: "Plans changed." });
  return link;
}
