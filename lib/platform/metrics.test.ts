import { expect, it } from "vitest";
import { createMetrics, metrics, renderGauges } from "@/lib/platform/metrics";

it("writes counters and histograms as Prometheus reads them", () => {
  const made = createMetrics();
  made.count("entente_vendor_requests_total", { vendor: "google", outcome: "ok" });
  made.count("entente_vendor_requests_total", { vendor: "google", outcome: "ok" }, 2);
  made.observe("entente_run_duration_seconds", { kind: "full" }, 0.2);
  made.observe("entente_run_duration_seconds", { kind: "full" }, 400);
  const text = made.render();
  expect(text).toContain("# TYPE entente_vendor_requests_total counter\n");
  expect(text).toContain('entente_vendor_requests_total{vendor="google",outcome="ok"} 3\n');
  expect(text).toContain('entente_run_duration_seconds_bucket{kind="full",le="0.1"} 0\n');
  expect(text).toContain('entente_run_duration_seconds_bucket{kind="full",le="0.25"} 1\n');
  expect(text).toContain('entente_run_duration_seconds_bucket{kind="full",le="300"} 1\n');
  expect(text).toContain('entente_run_duration_seconds_bucket{kind="full",le="+Inf"} 2\n');
  expect(text).toContain('entente_run_duration_seconds_sum{kind="full"} 400.2\n');
  expect(text).toContain('entente_run_duration_seconds_count{kind="full"} 2\n');
});

it("escapes labels, leaves out what has no value, and needs no labels", () => {
  const text = renderGauges([
    { name: "a", help: "A.", values: [{ labels: { of: 'x"\\\n' }, value: 1 }] },
    { name: "b", help: "B.", values: [] },
    { name: "c", help: "C.", values: [{ value: 0 }] },
  ]);
  expect(text).toBe('# HELP a A.\n# TYPE a gauge\na{of="x\\"\\\\\\n"} 1\n# HELP c C.\n# TYPE c gauge\nc 0\n');
});

it("is one of a process", () => {
  expect(metrics()).toBe(metrics());
});
