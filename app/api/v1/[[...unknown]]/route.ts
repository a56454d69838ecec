import { problem } from "@/app/_session/problem";
import { AppError } from "@/lib/platform/errors";

async function unknown() {
  return problem(new AppError("not_found", "There is nothing at this address. See /api/v1/openapi.json."));
}

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT };
