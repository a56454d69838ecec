import { explainAvailability, readAvailability } from "@/app/api/v1/_operations/availability";
import {
  editBooking,
  endBooking,
  exportBooking,
  listOwnBookings,
  makeBooking,
  readOneBooking,
} from "@/app/api/v1/_operations/bookings";
import {
  decideOneBulkChange,
  listOwnBulkChanges,
  readOneBulkChange,
} from "@/app/api/v1/_operations/bulk-changes";
import { connectAccount, readAttempt } from "@/app/api/v1/_operations/connecting";
import { listUpcomingEvents, putOverride } from "@/app/api/v1/_operations/events";
import {
  changeSettings,
  diagnoseIntegration,
  disconnectIntegration,
  listOwnIntegrations,
  readCalendarTest,
  readIntegration,
  syncIntegration,
  testCalendar,
} from "@/app/api/v1/_operations/integrations";
import { changeMe, readMe } from "@/app/api/v1/_operations/me";
import { listOwnNotifications, readNotification } from "@/app/api/v1/_operations/notifications";
import type { Operation } from "@/app/api/v1/_operations/operation";
import { listHistory, readRun } from "@/app/api/v1/_operations/runs";
import {
  changeService,
  listOwnServices,
  makeService,
  readService,
  removeService,
} from "@/app/api/v1/_operations/services";
import { readStatistics } from "@/app/api/v1/_operations/statistics";
import {
  createUnavailability,
  deleteUnavailability,
  listBlocked,
} from "@/app/api/v1/_operations/unavailabilities";
import { readHours, replaceHours } from "@/app/api/v1/_operations/working-hours";

/** The whole surface, in the order it is described. A test holds it against the route files. */
export const OPERATIONS: readonly Operation[] = [
  readMe,
  changeMe,
  listOwnIntegrations,
  connectAccount,
  readAttempt,
  readIntegration,
  changeSettings,
  disconnectIntegration,
  syncIntegration,
  diagnoseIntegration,
  testCalendar,
  readCalendarTest,
  readRun,
  listHistory,
  readStatistics,
  listUpcomingEvents,
  putOverride,
  listBlocked,
  createUnavailability,
  deleteUnavailability,
  listOwnServices,
  makeService,
  readService,
  changeService,
  removeService,
  readHours,
  replaceHours,
  readAvailability,
  explainAvailability,
  listOwnBookings,
  makeBooking,
  readOneBooking,
  editBooking,
  endBooking,
  exportBooking,
  listOwnNotifications,
  readNotification,
  listOwnBulkChanges,
  readOneBulkChange,
  decideOneBulkChange,
];
