import { headers } from "next/headers";
import type { ReactNode } from "react";
import { NothingHere } from "@/app/_components/public/nothing-here";
import { NOTHING_HEADER } from "@/app/_components/public/nothing-there";

/**
 * Shows what is not there where the proxy found out, whose 404 it is then. What `notFound()` leads to Next draws in
 * the browser: without scripts that is a blank page.
 */
export default async function PublicLayout({ children }: { children: ReactNode }) {
  return (await headers()).has(NOTHING_HEADER) ? <NothingHere /> : children;
}
