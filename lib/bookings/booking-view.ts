import type { bookings, ReceiptEntry } from "@/db/schema/bookings";
import type { calendarExportedBookings } from "@/db/schema/exports";
import { describeExportError } from "@/lib/bookings/export-errors";
import { type ExportStatus, exportStatus } from "@/lib/calendar/export-status";
import type { Vendor } from "@/lib/providers/calendar-provider";

export interface Client {
  name: string;
  email: string | null;
  phone: string | null;
}

export interface Price {
  amount: number;
  currency: string;
}

/** One of a booking's events in the outside calendars. Ids are null once a disconnect took what they named. */
interface BookingExport {
  integrationId: string | null;
  provider: Vendor;
  calendarId: string | null;
  externalEventId: string | null;
  status: ExportStatus;
  error: { code: string; message: string; fix: string } | null;
  syncedAt: string | null;
}

/** A booking as its provider sees it; instants are RFC 3339. */
export interface BookingView {
  id: string;
  serviceId: string;
  serviceName: string;
  kind: BookingRow["kind"];
  status: BookingRow["status"];
  start: string;
  end: string;
  timeZone: string;
  client: Client;
  address: string | null;
  instructions: string | null;
  price: Price | null;
  source: BookingRow["source"];
  version: number;
  receipt: ReceiptEntry[];
  exports: BookingExport[];
  createdAt: string;
  cancelledAt: string | null;
  cancelledBy: BookingRow["cancelledBy"];
  cancelReason: string | null;
}

export type BookingRow = typeof bookings.$inferSelect;
export type ExportRow = typeof calendarExportedBookings.$inferSelect;

export function viewBooking(
  row: BookingRow,
  serviceName: string,
  exported: readonly ExportRow[],
  now: Date,
): BookingView {
  const over = row.endsAt <= now;
  return {
    id: row.id,
    serviceId: row.serviceId,
    serviceName,
    kind: row.kind,
    status: row.status,
    start: row.startsAt.toISOString(),
    end: row.endsAt.toISOString(),
    timeZone: row.timeZone,
    client: clientOf(row),
    address: row.address,
    instructions: row.instructions,
    price: priceOf(row),
    source: row.source,
    version: row.version,
    receipt: row.receipt,
    exports: exported.map((one) => viewExport(one, over)),
    createdAt: row.createdAt.toISOString(),
    cancelledAt: row.cancelledAt?.toISOString() ?? null,
    cancelledBy: row.cancelledBy,
    cancelReason: row.cancelReason,
  };
}

export function clientOf(row: Pick<BookingRow, "clientName" | "clientEmail" | "clientPhone">): Client {
  return { name: row.clientName, email: row.clientEmail, phone: row.clientPhone };
}

export function priceOf(row: Pick<BookingRow, "priceAmount" | "priceCurrency">): Price | null {
  const { priceAmount: amount, priceCurrency: currency } = row;
  return amount === null || currency === null ? null : { amount, currency };
}

function viewExport(row: ExportRow, over: boolean): BookingExport {
  const { status, code } = exportStatus({ ...row, over, written: row.writtenStart !== null });
  return {
    integrationId: row.connectionId,
    provider: row.provider,
    calendarId: row.calendarId,
    externalEventId: row.externalId,
    status,
    error: code === null ? null : describeExportError(code),
    syncedAt: row.syncedAt?.toISOString() ?? null,
  };
}
