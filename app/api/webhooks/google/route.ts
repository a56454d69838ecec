import { answerWebhook, methodNotAllowed } from "@/app/api/webhooks/webhook-answer";
import { runtime } from "@/inngest/runtime";
import { readGoogleMessage } from "@/lib/sync/watches/messages";

export const dynamic = "force-dynamic";

/** Where Google tells of changes. Its messages are headers alone. */
export async function POST(request: Request): Promise<Response> {
  return answerWebhook(runtime(), request, "google", readGoogleMessage);
}

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as GET,
  methodNotAllowed as HEAD,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as PUT,
};
