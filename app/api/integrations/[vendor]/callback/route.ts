import { answered, vendorOf } from "@/app/api/integrations/browser-answers";
import { endConsent } from "@/app/api/integrations/end-consent";
import { runtime } from "@/inngest/runtime";

interface Context {
  params: Promise<{ vendor: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answered("integrations.callback", request, async () =>
    endConsent(runtime(), request, vendorOf((await params).vendor)),
  );
}
