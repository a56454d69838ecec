type Labels = Readonly<Record<string, string>>;

/** Numbers of this process, in Prometheus' text format. Labels come from short lists: never ids, never addresses. */
export interface Metrics {
  count(name: CounterName, labels: Labels, by?: number): void;
  observe(name: HistogramName, labels: Labels, seconds: number): void;
  render(): string;
}

const COUNTERS = {
  entente_runs_total: "Runs of synchronization by kind, trigger and status.",
  entente_run_events_total: "Events by what a run did with them.",
  entente_vendor_requests_total: "Requests to vendors by outcome.",
  entente_requests_held_back_total: "Requests to vendors kept back because a minute's quota was nearly used.",
  entente_webhooks_total: "Messages of vendors by outcome.",
  entente_token_refreshes_total: "Renewals of access tokens by outcome.",
} as const;

const HISTOGRAMS = {
  entente_run_duration_seconds: "How long runs took, by kind.",
  entente_run_lag_seconds: "How long after it was due a run began, by trigger.",
  entente_change_delay_seconds:
    "From a change at a vendor to its arrival here, the longest of a run, by trigger.",
  entente_vendor_request_duration_seconds: "How long vendors took to answer.",
  entente_webhook_duration_seconds: "How long vendors' messages took to be answered.",
} as const;

type CounterName = keyof typeof COUNTERS;
type HistogramName = keyof typeof HISTOGRAMS;

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

interface Histogram {
  counts: number[];
  sum: number;
  total: number;
}

export function createMetrics(): Metrics {
  const counters = new Map<CounterName, Map<string, number>>();
  const histograms = new Map<HistogramName, Map<string, Histogram>>();
  return {
    count: (name, labels, by = 1) => {
      const series = within(counters, name);
      const key = labelText(labels);
      series.set(key, (series.get(key) ?? 0) + by);
    },
    observe: (name, labels, seconds) => {
      const series = within(histograms, name);
      const key = labelText(labels);
      const histogram = series.get(key) ?? { counts: BUCKETS.map(() => 0), sum: 0, total: 0 };
      series.set(key, histogram);
      const bucket = BUCKETS.findIndex((limit) => seconds <= limit);
      if (bucket >= 0) histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
      histogram.sum += seconds;
      histogram.total += 1;
    },
    render: () => [...renderCounters(counters), ...renderHistograms(histograms)].join(""),
  };
}

function within<K, V>(all: Map<K, Map<string, V>>, name: K): Map<string, V> {
  const series = all.get(name) ?? new Map<string, V>();
  all.set(name, series);
  return series;
}

function* renderCounters(counters: ReadonlyMap<CounterName, ReadonlyMap<string, number>>): Generator<string> {
  for (const [name, series] of counters) {
    yield head(name, "counter", COUNTERS[name]);
    for (const [labels, value] of series) yield `${name}${braces(labels)} ${value}\n`;
  }
}

function* renderHistograms(
  histograms: ReadonlyMap<HistogramName, ReadonlyMap<string, Histogram>>,
): Generator<string> {
  for (const [name, series] of histograms) {
    yield head(name, "histogram", HISTOGRAMS[name]);
    for (const [labels, { counts, sum, total }] of series) {
      let below = 0;
      for (const [at, limit] of BUCKETS.entries()) {
        below += counts[at] ?? 0;
        yield `${name}_bucket${braces(joined(labels, `le="${limit}"`))} ${below}\n`;
      }
      yield `${name}_bucket${braces(joined(labels, 'le="+Inf"'))} ${total}\n`;
      yield `${name}_sum${braces(labels)} ${sum}\n${name}_count${braces(labels)} ${total}\n`;
    }
  }
}

export interface Gauge {
  name: string;
  help: string;
  type?: "gauge" | "counter";
  values: readonly { labels?: Labels; value: number }[];
}

/** What is read at the moment somebody asks. */
export function renderGauges(gauges: readonly Gauge[]): string {
  return gauges
    .map(({ name, help, type = "gauge", values }) => {
      const lines = values.map(({ labels = {}, value }) => `${name}${braces(labelText(labels))} ${value}\n`);
      return lines.length === 0 ? "" : head(name, type, help) + lines.join("");
    })
    .join("");
}

const head = (name: string, type: string, help: string) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
const braces = (labels: string) => (labels === "" ? "" : `{${labels}}`);
const joined = (labels: string, more: string) => (labels === "" ? more : `${labels},${more}`);

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, escaped)}"`)
    .join(",");
}

const escaped = (character: string) => (character === "\n" ? "\\n" : `\\${character}`);

const place = globalThis as { __ententeMetrics?: Metrics };

/** This process's numbers. Bundlers copy this module; all copies count into one place. */
export function metrics(): Metrics {
  place.__ententeMetrics ??= createMetrics();
  return place.__ententeMetrics;
}
