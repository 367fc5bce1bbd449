/** Microseconds of the machine's monotonic clock: on Linux the same in every process, which is what makes latencies between them honest. */
export function monotonicMicros(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000_000 + Math.floor(nanoseconds / 1000);
}
