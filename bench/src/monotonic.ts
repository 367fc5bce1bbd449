/**
 * Microseconds since the epoch that never go back: the instant at which this process started and the monotonic time since. Other than bare
 * monotonic clocks it means the same in every process and runtime, to a tenth of a millisecond, which is what latencies between them need.
 */
export function monotonicMicros(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000);
}
