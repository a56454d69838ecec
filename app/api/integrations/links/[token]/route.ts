import { followLink, openLink } from "@/app/api/integrations/use-link";
import { runtime } from "@/inngest/runtime";

interface Context {
  params: Promise<{ token: string }>;
}

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return openLink(runtime(), request, (await params).token);
}

export async function POST(request: Request, { params }: Context): Promise<Response> {
  return followLink(runtime(), request, (await params).token);
}
