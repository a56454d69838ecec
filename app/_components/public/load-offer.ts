import { cache } from "react";
import { orNotFound } from "@/app/_components/public/or-not-found";
import { runtime } from "@/inngest/runtime";
import { findPublicService } from "@/lib/bookings/public-provider";

/** A service and whoever offers it, asked of the database once per request; else the page for what is not there. */
export const loadOffer = cache((handle: string, slug: string) => {
  const { services } = runtime();
  return orNotFound(findPublicService(services, handle, slug, services.clock.now()));
});
