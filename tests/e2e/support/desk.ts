import type { APIRequestContext } from "@playwright/test";
import { setting } from "./environment";
import { expect } from "./expect";

/** What tests of the provider's pages ask of the API in another program's place. */
async function call<T>(
  request: APIRequestContext,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  data?: object,
): Promise<T> {
  const response = await request.fetch(`${setting("E2E_APP_URL")}/api/v1${path}`, {
    method,
    headers: { origin: setting("E2E_APP_URL") },
    ...(data === undefined ? {} : { data }),
  });
  if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${await response.text()}`);
  return (await (response.status() === 204 ? null : response.json())) as T;
}

export interface Service {
  id: string;
  name: string;
  slug: string;
  active: boolean;
  durationMinutes: number;
  targetCalendarId: string | null;
}

export interface Booking {
  id: string;
  start: string;
  status: string;
  version: number;
  client: { name: string; email: string | null; phone: string | null };
  instructions: string | null;
  exports: { status: string; externalEventId: string | null; error: { code: string } | null }[];
}

export const CLIENT = { name: "Ana Silva", email: "ana.silva@example.test", phone: "+33 6 12 34 56 78" };

export const makeService = (request: APIRequestContext, wish: object = {}) =>
  call<Service>(request, "POST", "/services", { name: "Massage", durationMinutes: 60, ...wish });

export const services = async (request: APIRequestContext) =>
  (await call<{ data: Service[] }>(request, "GET", "/services")).data;

export const hours = (request: APIRequestContext) =>
  call<{ timeZone: string; weekly: Record<string, object[]>; exceptions: object[] }>(
    request,
    "GET",
    "/working-hours",
  );

export const changeHours = (request: APIRequestContext, change: object) =>
  call<object>(request, "PUT", "/working-hours", change);

/** Free slots of the coming week. */
export const freeSlots = async (request: APIRequestContext, serviceId: string) =>
  (
    await call<{ slots: { start: string; end: string }[] }>(
      request,
      "GET",
      `/availability?serviceId=${serviceId}`,
    )
  ).slots;

/** Books the first free slot, or the one given. */
export async function makeBooking(
  request: APIRequestContext,
  service: Pick<Service, "id">,
  wish: { start?: string } & Record<string, unknown> = {},
): Promise<Booking> {
  const start = wish.start ?? (await freeSlots(request, service.id))[0]?.start;
  return call(request, "POST", "/bookings", { serviceId: service.id, client: CLIENT, ...wish, start });
}

/** Books a time of a day to come, so that no test runs into the end of today. */
export async function bookAhead(
  request: APIRequestContext,
  service: Pick<Service, "id">,
  wish: Record<string, unknown> = {},
): Promise<Booking> {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const slot = (await freeSlots(request, service.id)).find(({ start }) => start >= tomorrow);
  return makeBooking(request, service, { ...wish, start: slot?.start });
}

/** Once its event is written and nothing stands against it. */
export async function untilExported(request: APIRequestContext, id: string): Promise<void> {
  await expect
    .poll(async () => (await bookingById(request, id)).exports.map(({ status }) => status))
    .toContain("synced");
}

export const bookingById = (request: APIRequestContext, id: string) =>
  call<Booking>(request, "GET", `/bookings/${id}`);

export const changeBooking = (request: APIRequestContext, id: string, change: object) =>
  call<Booking>(request, "PATCH", `/bookings/${id}`, change);

export const cancelBooking = (request: APIRequestContext, id: string) =>
  call<Booking>(request, "DELETE", `/bookings/${id}`);
