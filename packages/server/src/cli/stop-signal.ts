/** A second signal this long after the first ends the process at once; an earlier one is the same signal twice, as npm and process managers send it. */
const IMPATIENT_AFTER_MS = 2000;
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];

/**
 * [DRAIN1] Resolves at the first signal to stop; `endAtOnce` is called for a second one of somebody who no longer waits. The handlers stay on for
 * good: for an instant without one, the second signal of a pair would end the process the hard way.
 */
export function untilStopSignal(process: { on(signal: StopSignal, handle: () => void): unknown }, nowMs: () => number, endAtOnce: () => void): Promise<StopSignal> {
  return new Promise((resolve) => {
    let firstAtMs: number | undefined;
    for (const signal of STOP_SIGNALS) {
      process.on(signal, () => {
        if (firstAtMs === undefined) {
          firstAtMs = nowMs();
          resolve(signal);
        } else if (nowMs() - firstAtMs >= IMPATIENT_AFTER_MS) endAtOnce();
      });
    }
  });
}
