import { SYNC_ERROR_KINDS } from "@/lib/calendar/calendar-state";
import type { NotificationKind } from "@/lib/organizations/notify";
import type { Words } from "@/lib/platform/words";

/** The kinds somebody opens. The others of the public interface have no words until something tells of them. */
export const NOTICE_KINDS = [
  "reconnect_required",
  "sync_failing",
  "export_failed",
  "bulk_change_held",
  "operator",
] as const satisfies readonly NotificationKind[];

export interface NoticeWords {
  title: string;
  body: string;
  /** Where it is dealt with: a path of this installation. */
  action: { label: string; href: string };
}

interface Notice {
  kind: (typeof NOTICE_KINDS)[number];
  params: Record<string, string | number>;
  subject: { type: string; id: string };
}

/** What a notice says, made when it is read. */
export function wordNotice(notice: Notice, t: Words): NoticeWords {
  return WORDS[notice.kind](notice, t);
}

const WORDS: Record<Notice["kind"], (notice: Notice, t: Words) => NoticeWords> = {
  reconnect_required: wordDead,
  sync_failing: wordFailing,
  export_failed: wordExport,
  bulk_change_held: wordBulkChange,
  operator: wordOperator,
};

const REASONS = ["revoked", "expired", "insufficient_scopes", "admin_policy", "key_missing"] as const;

function wordDead(notice: Notice, t: Words): NoticeWords {
  const { account } = namesOf(notice, t);
  const reason = oneOf(REASONS, notice.params.reason) ?? "revoked";
  const cause = t(`shell.banner.cause.${reason}`, namesOf(notice, t));
  return {
    title: t("notifications.dead.title", { account }),
    body: `${cause} ${t("shell.banner.effect")}`,
    action: reconnect(notice, t),
  };
}

function wordFailing(notice: Notice, t: Words): NoticeWords {
  const code = oneOf(SYNC_ERROR_KINDS, notice.params.code) ?? "internal";
  const names = namesOf(notice, t);
  const cause = t(`history.error.${code}.message`, names);
  return {
    title: t("notifications.failing.title", { calendar: textOf(notice.params.calendar) }),
    body: t("notifications.failing.body", { cause, account: names.account, fix: fixOf(code, names, t) }),
    action: NEEDS_CONSENT.has(code) ? reconnect(notice, t) : account(notice, t),
  };
}

function fixOf(code: (typeof SYNC_ERROR_KINDS)[number], names: Names, t: Words): string {
  const unclear = code === "malformed_response" || code === "internal" || code === "invalid_request";
  return unclear ? t("notifications.failing.unclear") : t(`history.error.${code}.fix`, names);
}

function wordExport(notice: Notice, t: Words): NoticeWords {
  const { params, subject } = notice;
  const names = namesOf(notice, t);
  const code = oneOf(SYNC_ERROR_KINDS, params.code) ?? "other";
  const cause = t(`bookings.export.problem.${code}.message`, names);
  const said = { cause, fix: t(`bookings.export.problem.${code}.fix`, names) };
  if (subject.type === "booking") {
    const when = { service: textOf(params.service), start: new Date(textOf(params.start)) };
    return {
      title: t("notifications.export.oneTitle", when),
      body: t("notifications.export.oneBody", said),
      action: { label: t("notifications.action.booking"), href: `/bookings/${subject.id}` },
    };
  }
  const elsewhere = { label: t("notifications.action.target"), href: "/integrations#add-bookings" };
  const remedy = ANOTHER_CALENDAR.has(code) ? elsewhere : account(notice, t);
  return {
    title: t("notifications.export.title", names),
    body: t("notifications.export.body", said),
    action: NEEDS_CONSENT.has(code) ? reconnect(notice, t) : remedy,
  };
}

function wordBulkChange({ params, subject }: Notice, t: Words): NoticeWords {
  const counts = { gone: Number(params.gone ?? 0), moved: Number(params.moved ?? 0) };
  return {
    title: t("notifications.bulkChange.title", { calendar: textOf(params.calendar) }),
    body: t("notifications.bulkChange.body", counts),
    action: { label: t("notifications.action.changes"), href: `/integrations/changes/${subject.id}` },
  };
}

function wordOperator(notice: Notice, t: Words): NoticeWords {
  const { params } = notice;
  const trouble = oneOf(["schedule_stopped", "job_failing", "budget_short"], params.trouble) ?? "job_failing";
  const values = {
    ...namesOf(notice, t),
    job: textOf(params.job),
    failures: Number(params.failures ?? 0),
    requests: Number(params.requests ?? 0),
    budget: Number(params.budget ?? 0),
  };
  return {
    title: t(`notifications.operator.${trouble}.title`, values),
    body: t(`notifications.operator.${trouble}.body`, values),
    action: { label: t("notifications.action.installation"), href: "/notifications#installation" },
  };
}

/** Faults that another consent mends. */
const NEEDS_CONSENT: ReadonlySet<string> = new Set([
  "reauthorization_required",
  "access_token_rejected",
  "scope_missing",
  "admin_policy",
]);
/** Faults of the calendar bookings are added to. */
const ANOTHER_CALENDAR: ReadonlySet<string> = new Set(["permission_denied", "not_found", "not_supported"]);

/** The consent in this tab; it comes back to the integrations. */
function reconnect({ params, subject }: Notice, t: Words): NoticeWords["action"] {
  const query = new URLSearchParams({ returnTo: "/integrations", integrationId: subject.id });
  const href = `/api/integrations/${vendorOf(params.provider)}/connect?${query}`;
  return { label: t("shell.banner.action"), href };
}

function account({ subject }: Notice, t: Words): NoticeWords["action"] {
  return { label: t("notifications.action.account"), href: `/integrations#integration-${subject.id}` };
}

interface Names extends Record<string, string> {
  product: string;
  account: string;
}

function namesOf({ params }: Notice, t: Words): Names {
  return {
    product: t(`mail.connection.vendors.${vendorOf(params.provider)}`),
    account: textOf(params.account),
  };
}

function vendorOf(value: unknown): "google" | "microsoft" {
  return value === "microsoft" ? "microsoft" : "google";
}

function textOf(value: string | number | undefined): string {
  return String(value ?? "");
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value);
}
