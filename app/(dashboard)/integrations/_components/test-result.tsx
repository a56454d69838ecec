import { Check, CircleAlert, Loader2, Minus, X } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { RelativeTime } from "@/app/_components/relative-time";
import { Alert } from "@/app/_components/ui/alert";
import type { ProbeView } from "@/app/(dashboard)/integrations/_components/integration-view";

type Leg = "write" | "push" | "read" | "remove";
type LegState = "waiting" | "done" | "failed";

const icons = { waiting: Loader2, done: Check, failed: X, missing: Minus };
const looks = {
  waiting: "animate-spin text-info",
  done: "text-success",
  failed: "text-danger",
  missing: "text-warning",
};

interface TestResultProps {
  name: string;
  /** The vendor's name, as in "Google". */
  product: string;
  probe: ProbeView;
}

/** The steps of a test with their times, and what to do where one did not go through. */
export function TestResult({ name, product, probe }: TestResultProps) {
  const t = useTranslations("probe");
  const format = useFormatter();
  const { failure, trouble } = probe;
  const seconds = (ms: number | null) => format.number((ms ?? 0) / 1_000, { maximumFractionDigits: 1 });
  return (
    <>
      <ol
        aria-label={t("steps.label", { name })}
        className="flex flex-wrap gap-x-4 gap-y-1 text-xs"
        data-test-status={probe.status}
      >
        {legsOf(probe).map(({ leg, state, ms }) => {
          const look = leg === "push" && state === "failed" ? "missing" : state;
          const Icon = icons[look];
          return (
            <li className="flex items-center gap-1.5" key={leg}>
              <Icon aria-hidden className={`size-3.5 shrink-0 ${looks[look]}`} />
              {t(`steps.${leg}.${state}`, { product, seconds: seconds(ms) })}
            </li>
          );
        })}
        {probe.status !== "running" && (
          <li className="text-ink-muted">
            {t.rich("tested", { time: () => <RelativeTime at={probe.requestedAt} /> })}
          </li>
        )}
      </ol>
      {failure !== null && (
        <Alert icon={CircleAlert} title={t(`failure.${failure.problem}.message`, { product })} tone="danger">
          <p>
            {t(`failure.${failure.problem}.fix`, { product })} {failure.stays && t("stays")}
          </p>
        </Alert>
      )}
      {failure === null && trouble !== null && (
        <Alert icon={CircleAlert} title={t(`push.${trouble}.message`, { product })} tone="warning">
          <p>{t(`push.${trouble}.fix`, { product })}</p>
        </Alert>
      )}
    </>
  );
}

/** Each step that was begun. What comes after a failure was not, except that what was written is removed. */
function legsOf(probe: ProbeView): { leg: Leg; state: LegState; ms: number | null }[] {
  const { writtenMs, pushMs, readMs, removedMs, failure, trouble, status } = probe;
  const running = status === "running";
  const state = (ms: number | null, failed: boolean, begun: boolean): LegState | null => {
    if (ms !== null) return "done";
    if (failed) return "failed";
    return begun ? "waiting" : null;
  };
  const written = writtenMs !== null;
  const told = pushMs !== null || trouble !== null;
  const steps = [
    { leg: "write", ms: writtenMs, state: state(writtenMs, failure?.step === "write", running) },
    { leg: "push", ms: pushMs, state: state(pushMs, trouble !== null, running && written) },
    { leg: "read", ms: readMs, state: state(readMs, failure?.step === "read", running && told) },
    {
      leg: "remove",
      ms: removedMs,
      state: state(removedMs, failure?.step === "remove", written && (!running || (told && readMs !== null))),
    },
  ] as const;
  return steps.flatMap(({ leg, ms, state }) => (state === null ? [] : { leg, ms, state }));
}
