import { useEffect } from 'react';

/** Keeps the screen on while the page is visible, where the browser can (HTTPS or this computer). */
export function useWakeLock(): void {
  useEffect(() => {
    if (!navigator.wakeLock) return undefined;
    let lock: WakeLockSentinel | undefined;
    let gone = false;
    const acquire = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      try {
        const taken = await navigator.wakeLock.request('screen');
        if (gone) await taken.release();
        else lock = taken;
      } catch (refused) {
        // Low battery or a policy of the computer: the screen may sleep then, scanning wakes nothing.
        console.info('The screen may go to sleep', refused);
      }
    };
    // The browser takes the lock away whenever the page is hidden.
    const again = () => void acquire();
    document.addEventListener('visibilitychange', again);
    again();
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', again);
      void lock?.release();
    };
  }, []);
}
