import { notFound } from "next/navigation";
import { AppError } from "@/lib/platform/errors";

/** What was asked for, or the page that says there is nothing here. */
export async function foundOr404<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") notFound();
    throw error;
  }
}
