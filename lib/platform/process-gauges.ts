import type { Gauge } from "@/lib/platform/metrics";

/** Memory and time of this process, under the names every Prometheus client uses. */
export function processGauges(): Gauge[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const one = (name: string, help: string, value: number): Gauge => ({ name, help, values: [{ value }] });
  return [
    one("process_resident_memory_bytes", "Resident memory size in bytes.", rss),
    one("nodejs_heap_size_used_bytes", "Used heap in bytes.", heapUsed),
    {
      ...one("process_cpu_seconds_total", "User and system CPU time in seconds.", (user + system) / 1e6),
      type: "counter",
    },
    one("process_uptime_seconds", "How long this process has run.", process.uptime()),
  ];
}
