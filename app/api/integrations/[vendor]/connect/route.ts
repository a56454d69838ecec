import { answered, vendorOf } from "@/app/api/integrations/browser-answers";
import { startConsent } from "@/app/api/integrations/start-consent";
import { runtime } from "@/inngest/runtime";

interface Context {
  params: Promise<{ vendor: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answered("integrations.connect", request, async () =>
    startConsent(runtime(), request, vendorOf((await params).vendor)),
  );
}
