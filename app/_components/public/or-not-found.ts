import { notFound } from "next/navigation";
import { AppError } from "@/lib/platform/errors";

/** What a verb finds, or the page that says there is nothing here. */
export async function orNotFound<T>(finding: Promise<T>): Promise<T> {
  try {
    return await finding;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") notFound();
    throw error;
  }
}
