import { handleAuth } from "@/app/_session/auth-route";
import { runtime } from "@/inngest/runtime";

async function handle(request: Request, context: { params: Promise<{ nextauth: string[] }> }) {
  return handleAuth(request, (await context.params).nextauth, runtime());
}

export { handle as GET, handle as POST };
