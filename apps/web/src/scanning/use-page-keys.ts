import { useEffect, useEffectEvent } from 'react';
import { onPageKeys } from './page-keys.ts';

/** Takes scans while the component is mounted, before components that were mounted earlier. */
export function useScans(onScan: (barcode: string) => void, enabled = true): void {
  const handle = useEffectEvent(onScan);
  useEffect(() => {
    if (!enabled) return undefined;
    return onPageKeys((reading) => {
      if (reading.kind !== 'scan') return false;
      handle(reading.text);
      return true;
    });
  }, [enabled]);
}

/** Takes single keys while the component is mounted: `{ b: borrow }`. Keys that are not named go on to others. */
export function usePageKeys(keys: Readonly<Record<string, (() => void) | undefined>>, enabled = true): void {
  const handle = useEffectEvent((key: string): boolean => {
    const action = keys[key];
    action?.();
    return action !== undefined;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    return onPageKeys((reading) => reading.kind === 'key' && handle(reading.key));
  }, [enabled]);
}
