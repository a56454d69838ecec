import { bookAsClient } from "@/lib/bookings/book-as-client";
import { findBookingByLink, moveByLink } from "@/lib/bookings/by-link";
import { type BookingWorld, bookingWorld, clientForm, NOW, type Provider } from "./booking-world";

/** Another free slot of the day of `SLOT`. */
export const LATER = "2026-11-24T13:00:00.000Z";

export interface ClientWorld extends BookingWorld {
  /** What somebody without an account does: books by the public page, and acts by the link of that booking. */
  bookPublicly(provider: Provider, more?: Record<string, unknown>): ReturnType<typeof bookAsClient>;
  find(token: string, now?: Date): ReturnType<typeof findBookingByLink>;
  move(token: string, start: string, now?: Date): ReturnType<typeof moveByLink>;
}

export function clientWorld(): ClientWorld {
  const world = bookingWorld() as ClientWorld;
  world.bookPublicly = (provider, more = {}) => bookAsClient(world.services, clientForm(provider, more), NOW);
  world.find = (token, now = NOW) => findBookingByLink(world.services, token, now);
  world.move = (token, start, now = NOW) => moveByLink(world.services, token, { start }, now);
  return world;
}

/** What a refusal says; null for what was done. */
export function failure(work: Promise<unknown>): Promise<{ code: string; message: string } | null> {
  return work.then(
    () => null,
    (error: { code: string; message: string }) => ({ code: error.code, message: error.message }),
  );
}
