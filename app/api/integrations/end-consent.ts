import { answered, sendTo, type VendorName, visitorOf } from "@/app/api/integrations/browser-answers";
import { endOfConsent } from "@/app/api/integrations/end-of-consent";
import type { Runtime } from "@/inngest/runtime";
import { finishConnect } from "@/lib/connections/finish-connect";

/** `GET /api/integrations/{vendor}/callback`: the vendor sent the browser back, with a code or an error. */
export function endConsent(runtime: Runtime, request: Request, vendor: VendorName): Promise<Response> {
  return answered("integrations.callback", request, async () => {
    const url = new URL(request.url);
    const bearer = await visitorOf(runtime, request);
    const finished = await finishConnect(runtime.services, { vendor, url, bearer });
    const { connectionId: integrationId } = finished;
    return sendTo(endOfConsent(runtime.env.appOrigin, { ...finished, integrationId, vendor }));
  });
}
